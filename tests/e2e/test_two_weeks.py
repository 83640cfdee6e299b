"""The tutorial's two weeks: what it prints is printed, and the desk does what it should at its minute, once."""

from __future__ import annotations

import os
import re
import tempfile
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from tests.e2e.fortnight import BEGIN, PAGE, ZONE, Fortnight, Happened, Kill, play
from tests.faults.test_faults import MEMORY
from ticketctl.store.tiny import TinyStore

KILLS = int(os.environ.get("TICKETCTL_TEST_STORY_KILLS", "1"))  # how often the story is played with runs killed
# Cron's next run; and a wait that ended a run later moves what its ticket promises by as much.
LATE = timedelta(minutes=35)
