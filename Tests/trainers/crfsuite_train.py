import pycrfsuite

trainer = pycrfsuite.Trainer(algorithm="lbfgs", params={"max_iterations": 5})
with open("tagged.txt") as file:
    for sentence in file.read().split("\n\n"):
        words = [line.split() for line in sentence.splitlines()]
        trainer.append([[word, word[:2]] for word, _ in words], [tag for _, tag in words])
trainer.train("model")
