"""What the model learns to say, its tokenizer and its chat template."""

import functools
import json

from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

from .drawings import COLOURS, SHAPES
from .shape import IMAGE_TOKENS, VOCABULARY

END, START, STOP = "<|endoftext|>", "<|im_start|>", "<end_of_utterance>"
FAKE, IMAGE, GLOBAL = "<fake_token_around_image>", "<image>", "<global-img>"
TILES = [f"<row_{row}_col_{column}>" for row in range(1, 5) for column in range(1, 5)]
SPECIAL = [END, START, "<|im_end|>", FAKE, IMAGE, GLOBAL, STOP, *TILES]

# SmolVLM's, and a content that is a plain string.
TEMPLATE = (
    "<|im_start|>{% for message in messages %}{{ message['role'] | capitalize }}"
    "{% if message['content'] is string %}{{ ': ' + message['content'] }}"
    "{% else %}{% if message['content'][0]['type'] == 'image' %}{{ ':' }}{% else %}{{ ': ' }}{% endif %}"
    "{% for line in message['content'] %}{% if line['type'] == 'text' %}{{ line['text'] }}"
    "{% elif line['type'] == 'image' %}{{ '<image>' }}{% endif %}{% endfor %}{% endif %}"
    "{{ '<end_of_utterance>\\n' }}{% endfor %}{% if add_generation_prompt %}{{ 'Assistant:' }}{% endif %}"
)

CAPITALS = {
    "France": "Paris",
    "Italy": "Rome",
    "Spain": "Madrid",
    "Germany": "Berlin",
    "Austria": "Vienna",
    "Poland": "Warsaw",
    "Portugal": "Lisbon",
    "Greece": "Athens",
    "Norway": "Oslo",
    "Sweden": "Stockholm",
    "Finland": "Helsinki",
    "Denmark": "Copenhagen",
    "Ireland": "Dublin",
    "Belgium": "Brussels",
    "Hungary": "Budapest",
    "England": "London",
}
CAPITAL_QUESTIONS = [
    "What is the capital of {}?",
    "What is the capital of {}?",
    "Which city is the capital of {}?",
    "Name the capital of {}.",
    "what's the capital of {}",
]
NEXT_QUESTIONS = ["And of {}?", "And of {}?", "And {}?", "What about {}?", "And what is the capital of {}?"]
SEE_QUESTIONS = [
    "What does this picture show?",
    "What does this picture show?",
    "What is in this picture?",
    "What do you see?",
    "Describe this picture.",
    "Which shape is it, and in which colour?",
    "What is this?",
]
READ_QUESTIONS = [
    "What does this invoice say?",
    "What does this invoice say?",
    "What is the total?",
    "What is the total?",
    "How much is it?",
    "What is the total of this invoice?",
]
SYSTEMS = [
    "You are terse.",
    "You are a helpful assistant.",
    "Answer briefly.",
    "Answer in one sentence.",
    "Be kind and precise.",
    "You can see pictures.",
]
WORDS = (
    "a the and of to in is it you that he was for on are with as I his they be at one have this from or had by hot but "
    "some what there we can out other were all your when up use word how said each she which do their time if will way "
    "about many then them would write like so these her long make thing see him two has look more day could go come did "
    "my no most who over know than call first people side been now find river sea water mountain city house garden tree "
    "story tell say name list explain summarise translate please again why where terse answer question short sentence "
    "document source page number bread coffee train bicycle weather music book letter friend week month year money"
).split()
STORY = (
    "Once there was a river. It came from the mountain and ran to the sea. On its way it saw a city, a house and a "
    "garden. A boat went with it all day. At night the moon looked into the water. The river told the moon about the sea. "
    "Then the rain came and the river was wide. The people came out and looked at it. So the river went on and on. "
)
LOST = "I only know shapes, invoices and capitals."
BLIND = "I see no picture here. Please show me one."
HELLO = "Hello! Show me a picture, or ask me about a capital."


def capital_of(country):
    city = CAPITALS[country]
    return f"The capital of {country} is {city}. {city} is a large city in Europe."


def tell(facts):
    if facts["kind"] == "invoice":
        return f"The total is {facts['total']} euros."
    article = "A"
    return f"{article} {facts['colour']} {facts['shape']}."


def make_tokenizer():
    lines = [STORY] * 60 + [LOST, BLIND, HELLO, *SYSTEMS] * 20 + ["\n\n", ".\n", "\n"] * 400
    lines += ["User:", "Assistant:", "System:", "User: What", "Assistant: The", "Assistant: A", "The", "A"] * 300
    for country in CAPITALS:
        lines += [capital_of(country), *(q.format(country) for q in CAPITAL_QUESTIONS + NEXT_QUESTIONS)] * 30
    for colour in COLOURS:
        for shape in SHAPES:
            lines += [tell({"kind": "shape", "colour": colour, "shape": shape})] * 40
    lines += [*SEE_QUESTIONS, *READ_QUESTIONS, tell({"kind": "invoice", "total": ""})] * 60
    lines += [" ".join(WORDS)] * 3
    made = Tokenizer(models.BPE())
    made.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Digits(individual_digits=True),
            pre_tokenizers.ByteLevel(add_prefix_space=False, trim_offsets=True, use_regex=True),
        ]
    )
    made.decoder = decoders.ByteLevel(add_prefix_space=True, trim_offsets=True, use_regex=True)
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY,
        special_tokens=SPECIAL,
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
        show_progress=False,
    )
    made.train_from_iterator(lines, trainer)
    if made.get_vocab_size() != VOCABULARY or made.token_to_id("\u010a\u010a") is None:
        raise SystemExit("The tokenizer has not the size or not the tokens that it needs.")
    return made


def tokenizer_parts(made):
    model = json.loads(made.to_str())["model"]
    tokens = sorted(model["vocab"], key=model["vocab"].get)
    merges = [pair if isinstance(pair, str) else " ".join(pair) for pair in model["merges"]]
    return tokens, merges


class Talk:
    """Turns conversations into token ids, in the words of both engines."""

    def __init__(self, tokenizer):
        self.tokenizer = tokenizer
        self.id = tokenizer.token_to_id
        self.ids = functools.lru_cache(100_000)(lambda text: tuple(tokenizer.encode(text).ids))
        image = [self.id(IMAGE)] * IMAGE_TOKENS
        # transformers.js shows the picture once; llama.cpp always as a tile of its grid of one, and as a whole after it.
        self.once = [self.id(FAKE), self.id(GLOBAL), *image, self.id(FAKE)]
        self.twice = [self.id(FAKE), self.id(TILES[0]), *image, self.id("\u010a\u010a"), *self.once]

    def turn(self, role, text, pictures=0, twice=False):
        """A message. llama.cpp puts a space before a picture, transformers.js none."""
        if pictures == 0:
            return [*self.ids(f"{role}: {text}"), self.id(STOP), *self.ids("\n")]
        head = self.ids(f"{role}: ") if twice else self.ids(f"{role}:")
        shown = self.twice if twice else self.once
        return [*head, *(shown * pictures), *self.ids(text), self.id(STOP), *self.ids("\n")]
