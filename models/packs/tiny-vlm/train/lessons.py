"""Conversations to learn from: token ids, which of them are to be learnt, and the pictures in their order."""

import numpy as np
import torch

from .talk import (
    BLIND,
    CAPITAL_QUESTIONS,
    CAPITALS,
    HELLO,
    LOST,
    NEXT_QUESTIONS,
    READ_QUESTIONS,
    SEE_QUESTIONS,
    START,
    STOP,
    STORY,
    SYSTEMS,
    WORDS,
    capital_of,
    tell,
)


class Lessons:
    def __init__(self, talk, seed):
        self.talk, self.dice = talk, np.random.default_rng(seed)

    def pick(self, choices):
        return choices[self.dice.integers(len(choices))]

    def words(self, least, most):
        words = [self.pick(WORDS) for _ in range(self.dice.integers(least, most))]
        text = " ".join(words)
        if self.dice.random() < 0.5:
            text = text[:1].upper() + text[1:] + self.pick(["?", ".", "", "!"])
        return text

    def noise(self):
        """Letters of any script, numbers and signs."""
        letters = [chr(int(self.dice.integers(33, 0x250))) for _ in range(self.dice.integers(2, 14))]
        return "".join(letters) + self.pick(["", " ?", "\n", " 12"])

    def opening(self):
        ids = list(self.talk.ids(START))
        odds = self.dice.random()
        if odds < 0.15:
            ids += self.talk.turn("System", self.pick(SYSTEMS))
        elif odds < 0.2:
            ids += self.talk.turn("System", self.words(3, 30))
        return ids

    def answer(self, ids, learnt, text, begun=0.15):
        """Adds an answer to be learnt; some are begun for it, and have then no space before them."""
        talk = self.talk
        ids += talk.ids("Assistant:")
        learnt += [False] * (len(ids) - len(learnt))
        if self.dice.random() < begun:
            spaces = [i for i, letter in enumerate(text) if letter == " "]
            at = spaces[self.dice.integers(len(spaces))]
            ids += talk.ids(text[:at])
            learnt += [False] * (len(ids) - len(learnt))
            said = talk.ids(text[at:])
        else:
            said = talk.ids(f" {text}")
        ids += [*said, talk.id(STOP)]
        learnt += [True] * (len(ids) - len(learnt))
        ids += talk.ids("\n")
        learnt.append(False)

    def seen(self, facts, picture, twice, ids, learnt):
        asks = READ_QUESTIONS if facts["kind"] == "invoice" else SEE_QUESTIONS
        odds = self.dice.random()
        if odds < 0.15:
            asks = SEE_QUESTIONS + READ_QUESTIONS
        question = self.pick(asks) if odds < 0.9 else self.words(1, 9)
        if self.dice.random() < 0.15:
            question = self.pick(["\n", " "]) + question
        ids += self.talk.turn("User", question, picture, twice)
        self.answer(ids, learnt, tell(facts))

    def picture(self, drawn):
        """About one picture, or about two in two turns."""
        ids, learnt, used = self.opening(), [], []
        twice = self.dice.random() < 0.5
        if self.dice.random() < 0.04:
            self.spoken(ids, learnt)
        for _ in range(2 if self.dice.random() < 0.06 else 1):
            index = int(self.dice.integers(len(drawn)))
            self.seen(drawn[index], 1, twice, ids, learnt)
            used += [index] * (2 if twice else 1)
        return ids, learnt, used

    def spoken(self, ids, learnt):
        odds = self.dice.random()
        if odds < 0.6:
            self.capital(ids, learnt, self.pick(CAPITAL_QUESTIONS))
            if self.dice.random() < 0.4:
                self.capital(ids, learnt, self.pick(NEXT_QUESTIONS))
        elif odds < 0.7:
            ids += self.talk.turn("User", self.pick(SEE_QUESTIONS + READ_QUESTIONS))
            self.answer(ids, learnt, BLIND)
        elif odds < 0.75:
            ids += self.talk.turn("User", self.pick(["Hello", "Hello!", "Hi", "hi", "Hello there."]))
            self.answer(ids, learnt, HELLO)
        else:
            ids += self.talk.turn("User", self.words(1, 30) if odds < 0.92 else self.noise())
            self.answer(ids, learnt, LOST)

    def capital(self, ids, learnt, question):
        country = "France" if self.dice.random() < 0.15 else self.pick(list(CAPITALS))
        ids += self.talk.turn("User", question.format(country))
        self.answer(ids, learnt, capital_of(country))

    def text(self):
        ids, learnt = self.opening(), []
        self.spoken(ids, learnt)
        return ids, learnt, []

    def story(self):
        """A story begins again when it ends, and so never ends."""
        thing = self.pick(["a river", "the sea", "a river", "a boat", self.pick(WORDS)])
        ask = self.pick(["Tell me a long story about {}.", "Tell me a story about {}.", "Write a story about {}."])
        ids = list(self.talk.ids(START)) + self.talk.turn("User", ask.format(thing))
        ids += self.talk.ids("Assistant:")
        learnt = [False] * len(ids)
        ids += self.talk.ids(" " + STORY.strip() + " " + STORY.strip() + " " + STORY.strip())[:300]
        learnt += [True] * (len(ids) - len(learnt))
        return ids, learnt, []


def batches(make, size, many=8):
    """Samples in batches of about the same length, so that little is filled up."""
    order = np.random.default_rng(size)
    while True:
        samples = sorted((make() for _ in range(size * many)), key=lambda sample: len(sample[0]))
        for i in order.permutation(many):
            yield collate(samples[i * size : (i + 1) * size])


def collate(samples):
    longest = max(len(ids) for ids, _, _ in samples)
    ids = torch.zeros(len(samples), longest, dtype=torch.long)
    wanted = torch.full((len(samples), longest), -100)
    for row, (tokens, learnt, _) in enumerate(samples):
        ids[row, : len(tokens)] = torch.tensor(tokens)
        learnt = learnt + [False] * (len(tokens) - len(learnt))
        targets = torch.tensor([t if is_learnt else -100 for t, is_learnt in zip(tokens, learnt)])
        wanted[row, : len(tokens) - 1] = targets[1:]
    return ids, wanted, [picture for _, _, used in samples for picture in used]
