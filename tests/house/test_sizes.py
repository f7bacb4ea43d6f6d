"""Files and functions can be read at once, and tests stand where they are sought."""

from __future__ import annotations

from support.house import NAME, ROOT, modules

FILE, FUNCTION = 300, 40
# Files whose behaviour another file's test pins down, with the reason.
TESTED_ELSEWHERE: dict[str, str] = {}


def test_no_file_is_longer_than_a_few_screens():
    long = {each.name: n for each in modules() if (n := each.text.count("\n")) > FILE}
    assert long == {}


def test_no_function_is_longer_than_a_screen():
    long = {
        f"{module.name}.{name}": lines
        for module in modules()
        for name, lines in module.functions
        if lines > FUNCTION
    }
    assert long == {}


def test_every_file_with_functions_has_a_test_file_of_its_name():
    missing = []
    for module in modules():
        parts = module.name.removeprefix(f"{NAME}.").split(".")
        place = ROOT.joinpath("tests", *parts[:-1], f"test_{parts[-1]}.py")
        if any(module.functions) and module.path.stem != "__init__" and not place.exists():
            missing.append(module.name)
    assert sorted(missing) == sorted(TESTED_ELSEWHERE)


def test_every_test_file_stands_beside_a_file_of_its_name():
    own = ("house", "support")  # about the whole
    strays = []
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        *rooms, name = path.relative_to(ROOT / "tests").parts
        file = ROOT.joinpath(NAME, *rooms, name.removeprefix("test_"))
        if rooms[:1] not in [[each] for each in own] and not file.exists():
            strays.append("/".join([*rooms, name]))
    assert strays == []
