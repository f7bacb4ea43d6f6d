"""PyMC's commentary is muted inside, and only there."""

from __future__ import annotations

import logging
import multiprocessing
import threading
import time
import warnings

import pytest

from trust_router.learning.models.quiet import quiet_pymc


def test_the_logger_gets_its_level_back_also_after_an_error():
    logger = logging.getLogger("pymc")
    before = logger.level
    seen = []

    def fail():
        with quiet_pymc():
            seen.append(logger.level)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert seen == [logging.WARNING]
    assert logger.level == before


def test_expected_warnings_are_muted_and_no_others():
    with quiet_pymc():
        warnings.warn("this runs in object mode", UserWarning, stacklevel=1)
        with pytest.raises(UserWarning, match="something else"):
            warnings.warn("something else", UserWarning, stacklevel=1)


def test_threads_take_turns_and_leave_the_logger_as_it_was():
    logger, seen, inside = logging.getLogger("pymc"), [], []
    before = logger.level

    def work():
        with quiet_pymc(), quiet_pymc():
            inside.append(1)
            seen.append(len(inside))
            time.sleep(0.05)
            inside.pop()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == [1, 1, 1, 1]
    assert logger.level == before


def _enter():
    with quiet_pymc():
        pass


@pytest.mark.skipif("fork" not in multiprocessing.get_all_start_methods(), reason="needs fork")
@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_a_forked_process_does_not_wait_for_a_thread_that_it_does_not_have():
    entered, leave = threading.Event(), threading.Event()

    def hold():
        with quiet_pymc():
            entered.set()
            leave.wait(20)

    holder = threading.Thread(target=hold)
    holder.start()
    entered.wait(20)
    child = multiprocessing.get_context("fork").Process(target=_enter)
    try:
        child.start()
        child.join(10)
        assert child.exitcode == 0
    finally:
        child.kill()
        leave.set()
        holder.join()
