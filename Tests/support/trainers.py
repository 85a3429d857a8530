"""Real programs that train: how each is started, and what of its output must be recorded.

What must be recorded is said by regular expressions of their own, that know nothing of the library's readers: each
named group is a metric, `step` is the step.
"""

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass

from .library import ROOT
from .programs import host_python

SCRIPTS = ROOT / "Tests" / "trainers"


@dataclass(frozen=True)
class Trainer:
    name: str
    command: tuple[str, ...]
    # The lines that report, as `_pattern` reads them.
    reports: tuple[str, ...]
    # Without this it is skipped: a command, or "python:MODULE" of the system's Python, or "venv:MODULE".
    needs: str
    stream: str = "stdout"
    # It says the same each time.
    same: bool = True
    # Its counter begins anew, or what it says at the end has the name of what it said on the way: the library says so.
    counts_again: bool = False
    # What it prints of the time, or of how fast it was.
    clock: str | None = None
    before: tuple[tuple[str, ...], ...] = ()

    def __str__(self) -> str:
        return self.name

    def argv(self) -> list[str]:
        return [word.format(python=sys.executable, system=host_python(), scripts=SCRIPTS) for word in self.command]

    def printed(self, text: str) -> list[tuple[int, str, str]]:
        """Step, name and number of all that was reported; where no line shows a step, rows are counted."""
        found, step, row, in_row = [], None, 0, set()
        for line in shown(text):
            for numbers in self._numbers(line):
                step = int(numbers.pop("step")) if "step" in numbers else step
                if in_row & numbers.keys():
                    row, in_row = row + 1, set()
                in_row |= numbers.keys()
                found += [(row if step is None else step, name, value) for name, value in numbers.items()]
        return sorted(found)

    def _numbers(self, line: str) -> Iterator[dict[str, str]]:
        for report in self.reports:
            if match := re.fullmatch(_pattern(report), line):
                yield {name: value for name, value in match.groupdict().items() if value is not None}
                return


def shown(text: str) -> Iterator[str]:
    """Lines as a terminal shows them when they end."""
    for line in text.split("\n"):
        yield line.rstrip("\r").rpartition("\r")[2]


def _pattern(report: str) -> str:
    """`{name}` is a number that is recorded, blanks are one or more, all else is a regular expression."""
    report = re.sub(r"\{(\w+)\}", lambda hole: rf"(?P<{hole[1]}>[-+]?\d[\d.]*(?:e[-+]\d+)?)", report)
    return r"\s*" + re.sub(r" +", r"\\s+", report) + r"\s*"


VOWPAL = "{average_loss} {since_last} {step} {example_weight} {current_label} {current_predict} {current_features}"
NEWTON = r"iter {step} act {act} pre {pre} delta {delta} f {f} \|g\| {g} CG {cg}"
LIBSVM = (
    r"optimization finished, #iter = {iter}",
    r"nu = {nu}",
    r"obj = {obj}, rho = {rho}",
    r"nSV = {nsv}, nBSV = {nbsv}",
    r"Total nSV = {total_nsv}",
    r"Cross Validation Accuracy = {cross_validation_accuracy}%",
)
TESSERACT = (
    r"At iteration {step}/\d+/\d+, Mean rms={mean_rms}%, delta={delta}%, BCER train={bcer_train}%, "
    r"BWER train={bwer_train}%, skip ratio={skip_ratio}%, .*"
)


def python(name: str, module: str, *reports: str, **rest) -> Trainer:
    """A program of ours around a library of somebody's, in the interpreter of the tests."""
    return Trainer(name, ("{python}", f"{{scripts}}/{name}_train.py"), reports, f"venv:{module}", **rest)


TRAINERS = [
    Trainer(
        "fasttext", ("fasttext", "supervised", "-input", "labelled.txt", "-output", "model", "-dim", "8", "-thread", "1"),
        (r"Progress: \S+ words/sec/thread: {words_sec_thread} lr: {lr} avg.loss: {avg_loss} ETA: .*",), "fasttext",
        stream="stderr", clock=r"[^\n]*\r|words/sec/thread: +\d+",
    ),
    Trainer(
        "xgboost_cli", ("xgboost", "xgboost.conf"),
        (r"\[[\d:]+\] \[{step}\] test-logloss:{test_logloss} test-error:{test_error}",), "xgboost", stream="stderr",
        clock=r"\[\d\d:\d\d:\d\d\]",
    ),
    Trainer("liblinear", ("liblinear-train", "-s", "0", "svm.txt", "model"), (NEWTON,), "liblinear-train"),
    Trainer("libsvm", ("svm-train", "svm.txt", "model"), LIBSVM, "svm-train"),
    Trainer("libsvm_folds", ("svm-train", "-v", "3", "svm.txt"), LIBSVM, "svm-train"),
    Trainer(
        "sentencepiece",
        ("spm_train", "--input=text.txt", "--model_prefix=model", "--vocab_size=60", "--num_threads=1"),
        (r"\S+ LOG\(INFO\) EM sub_iter={step} size={size} obj={obj} num_tokens={num_tokens} "
         r"num_tokens/piece={num_tokens_piece}",),
        "spm_train", stream="stderr", counts_again=True,
    ),
    Trainer(
        "timbl", ("timbl", "-f", "nominal.csv", "-t", "nominal.csv"),
        (r"overall accuracy: {overall_accuracy} .*",), "timbl",
        clock=r"\w+ \w+ +\d+ [\d:]+ \d+|\d+ seconds, \d+ milliseconds and \d+ microseconds|Seconds taken: .*",
    ),
    Trainer(
        "tesseract",
        ("lstmtraining", "--traineddata", "/usr/share/tesseract-ocr/5/tessdata/eng.traineddata", "--net_spec",
         "[1,16,0,1 Lfx8 O1c111]", "--model_output", "model", "--train_listfile", "lines.txt", "--max_iterations", "200"),
        (TESSERACT,), "lstmtraining", stream="stderr",
        before=tuple(("tesseract", f"line{n}.pgm", f"line{n}", "--psm", "13", "lstm.train") for n in range(4)),
    ),
    Trainer(
        "fann", ("{system}", "{scripts}/fann_train.py"),
        (r"Epochs {step}. Current error: {current_error}. Bit fail {bit_fail}.",), "python:fann2", same=False,
    ),
    python("vowpal", "vowpalwabbit", VOWPAL + "(?: h)?", r"average loss = {average_loss} h",
           r"best constant's loss = {best_constant_s_loss}", stream="stderr", counts_again=True),
    python("lightgbm", "lightgbm", r"\[{step}\] training's binary_logloss: {training_s_binary_logloss} "
           r"training's auc: {training_s_auc}", clock=r"time [\d.]+ seconds"),
    python("xgboost", "xgboost", r"\[{step}\] train-logloss:{train_logloss} train-auc:{train_auc}"),
    python("sklearn", "sklearn", *LIBSVM),
    python("crfsuite", "pycrfsuite", r"\*+ Iteration #{step} \*+", r"Loss: {loss}", r"Feature norm: {feature_norm}",
           r"Error norm: {error_norm}", r"Active features: {active_features}",
           r"Line search trials: {line_search_trials}", r"Line search step: {line_search_step}",
           clock=r"Seconds required.*|Total seconds.*"),
    python("cma", "cma", r"{step} {fevals} {function_value} {axis_ratio} {sigma} {min_std} {max_std} \d+:[\d.]+",
           clock=r"\d+:\d\d\.\d|, \w+ \w+ +\d+ [\d:]+ \d+\)"),
]  # fmt: skip
