"""datasets.py: writes small made-up datasets into the working directory, the same ones each time."""

import random
from pathlib import Path

ROWS, FEATURES = 200, 6
SYLLABLES = ("ba", "ko", "li", "mu", "ne", "po", "ra", "si", "tu", "ve")
# Four digits, three dots wide and five high: what there is to read for an OCR engine.
GLYPHS = {
    "0": ("###", "# #", "# #", "# #", "###"),
    "1": (" # ", "## ", " # ", " # ", "###"),
    "4": ("# #", "# #", "###", "  #", "  #"),
    "7": ("###", "  #", " # ", " # ", " # "),
}


def points(chance: random.Random) -> list[tuple[int, list[float]]]:
    """Two classes, with a border that is not quite straight."""
    found = []
    for _ in range(ROWS):
        x = [chance.gauss(0, 1) for _ in range(FEATURES)]
        found.append((int(x[0] + 0.5 * x[1] * x[2] + 0.3 * chance.gauss(0, 1) > 0), x))
    return found


def sentences(chance: random.Random) -> list[str]:
    words = ["".join(chance.choices(SYLLABLES, k=chance.randint(1, 3))) for _ in range(150)]
    return [" ".join(chance.choices(words, k=8)) for _ in range(300)]


def tag(word: str) -> str:
    return "N" if word[:2] in SYLLABLES[:3] else "V" if len(word) > 4 else "X"


def write_points(rows: list[tuple[int, list[float]]]) -> None:
    lines = {"svm.txt": [], "vw.txt": [], "nominal.csv": []}
    for label, x in rows:
        lines["svm.txt"].append(f"{label} " + " ".join(f"{i + 1}:{v:.4f}" for i, v in enumerate(x)))
        lines["vw.txt"].append(f"{label * 2 - 1} | " + " ".join(f"f{i}:{v:.4f}" for i, v in enumerate(x)))
        lines["nominal.csv"].append(",".join("hi" if v > 0 else "lo" for v in x) + "," + "np"[label])
    for name, rows in lines.items():
        Path(name).write_text("\n".join(rows) + "\n")


def write_sentences(found: list[str]) -> None:
    Path("text.txt").write_text("\n".join(found) + "\n")
    Path("labelled.txt").write_text("".join(f"__label__{'a' if 'ba' in s else 'b'} {s}\n" for s in found))
    tagged = ["".join(f"{word} {tag(word)}\n" for word in sentence.split()) for sentence in found[:60]]
    Path("tagged.txt").write_text("\n".join(tagged))


def write_images(chance: random.Random, count: int = 4, dot: int = 4) -> None:
    """Lines of digits as PGM, with what stands in them as Tesseract's box files say it."""
    for number in range(count):
        text = "".join(chance.choices(list(GLYPHS), k=6))
        blank = " " * (len(text) * 4 + 3)
        rows = [blank, blank, *(" " * 2 + " ".join(GLYPHS[c][y] for c in text) + " " * 2 for y in range(5)), blank, blank]
        pixels = b"".join(bytes(0 if c == "#" else 255 for c in row for _ in range(dot)) * dot for row in rows)
        width, height = len(blank) * dot, len(rows) * dot
        Path(f"line{number}.pgm").write_bytes(b"P5 %d %d 255\n" % (width, height) + pixels)
        Path(f"line{number}.box").write_text(f"WordStr 0 0 {width} {height} 0 #{text}\n\t 0 0 {width} {height} 0\n")
    Path("lines.txt").write_text("".join(f"line{number}.lstmf\n" for number in range(count)))


def write_xgboost() -> None:
    data = '"svm.txt?format=libsvm"'
    Path("xgboost.conf").write_text(
        "booster = gbtree\nobjective = binary:logistic\nmax_depth = 2\nnum_round = 5\nnthread = 1\n"
        f"eval_metric = logloss\neval_metric = error\ndata = {data}\neval[test] = {data}\nmodel_out = model\n"
    )


def main() -> None:
    chance = random.Random(7)
    write_points(points(chance))
    write_sentences(sentences(chance))
    write_images(chance)
    write_xgboost()


if __name__ == "__main__":
    main()
