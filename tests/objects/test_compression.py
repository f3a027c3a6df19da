"""zstd: the compiled part of the library, which does what the whole library does."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyvcs.objects import compression
from pyvcs.objects.compression import compressed, compressed_after, decompressed
from pyvcs.objects.errors import Corrupt

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

OF = zstd.CompressionParameter
TEXT = b"".join(b"line %d of a text\n" % number for number in range(500))


@given(st.binary(max_size=300) | st.sampled_from([TEXT, TEXT * 9]))
def test_a_frame_is_the_one_that_the_library_makes(data: bytes) -> None:
    options: dict[int, int] = {OF.compression_level: 1, OF.checksum_flag: 1}
    assert compressed(data) == zstd.compress(data, options=options)
    assert zstd.decompress(compressed(data)) == data
    assert decompressed(compressed(data), len(data)) == data


@given(st.binary(min_size=8, max_size=300) | st.just(TEXT), st.binary(max_size=50))
def test_a_frame_that_reads_on_is_that_of_the_library_too(before: bytes, new: bytes) -> None:
    frame = compressed_after(before + new, before)
    prefix = zstd.ZstdDict(before, is_raw=True).as_prefix
    assert zstd.decompress(frame, zstd_dict=prefix) == before + new
    assert decompressed(frame, len(before + new), before) == before + new


def test_its_errors_are_those_of_the_library() -> None:
    assert vars(compression)["ZstdError"] is zstd.ZstdError
    with pytest.raises(Corrupt, match="cannot be decompressed"):
        decompressed(b"no frame", 3)


WHOLE = "compression.zstd" if sys.version_info >= (3, 14) else "backports.zstd"
HIDDEN = """
class Hides:
    asked = []
    def find_spec(self, name, *_):
        if name.endswith("_zstd") and not self.asked:
            self.asked.append(name)
            raise ImportError(name)
sys.meta_path.insert(0, Hides())
"""


@pytest.mark.parametrize(
    "first", ["", f"import {WHOLE}", HIDDEN], ids=["alone", "after the whole", "not found"]
)
def test_it_compresses_however_the_library_is_found(first: str) -> None:
    code = (
        f"import sys\n{first}\n"
        "from pyvcs.objects.compression import compressed, decompressed\n"
        "assert decompressed(compressed(b'abc' * 99), 297) == b'abc' * 99\n"
        f"assert ({WHOLE!r} in sys.modules) is {bool(first)}"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_the_whole_library_is_loaded_beside_it_by_who_wants_it() -> None:
    code = (
        "import sys\n"
        "from pyvcs.objects import compression\n"
        f"assert {WHOLE!r} not in sys.modules\n"
        f"import {WHOLE} as zstd\n"
        "assert zstd.ZstdError is compression.ZstdError\n"
        "assert zstd.decompress(zstd.compress(b'abc')) == b'abc'\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
