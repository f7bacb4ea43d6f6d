"""Debian's chromium without a window; tests skip with a reason where there is none."""

from __future__ import annotations

import shutil
import subprocess
import tempfile

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")


def chromium(*arguments: str) -> str:
    """Run it with a profile of its own, and give what it prints."""
    if CHROMIUM is None:
        pytest.skip("needs Debian's chromium")
    with tempfile.TemporaryDirectory(prefix="trust_router_browser_") as profile:
        command = [
            CHROMIUM,
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-background-networking",
            f"--user-data-dir={profile}",
            *arguments,
        ]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    return done.stdout
