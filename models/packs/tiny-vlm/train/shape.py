"""The sizes of the network: everything else computes from these."""

SIDE = 96  # pixels of a picture's side
PATCH = 12
PATCHES = (SIDE // PATCH) ** 2
SHUFFLE = 2  # 2 x 2 patches become one token
IMAGE_TOKENS = PATCHES // SHUFFLE**2

VISION = {"hidden": 128, "heads": 4, "layers": 4, "inner": 256, "eps": 1e-6}
TEXT = {"hidden": 128, "heads": 4, "kv_heads": 2, "layers": 4, "inner": 320, "eps": 1e-5, "theta": 10000.0}
HEAD = TEXT["hidden"] // TEXT["heads"]
CONTEXT = 1024
VOCABULARY = 640
