"""Characters that a terminal obeys, or that hide or turn round what stands beside them."""

import re

UNSEEN = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b\u2028-\u202e\u2066-\u2069\ufeff]")
