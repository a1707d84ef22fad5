"""The network: names and arithmetic of Hugging Face's Idefics3ForConditionalGeneration, which can load its weights."""

import torch
from torch import nn
from torch.nn import functional as F

from .shape import CONTEXT, HEAD, PATCH, PATCHES, SHUFFLE, TEXT, VISION, VOCABULARY


class VisionAttention(nn.Module):
    def __init__(self, size):
        super().__init__()
        self.k_proj, self.v_proj = nn.Linear(size, size), nn.Linear(size, size)
        self.q_proj, self.out_proj = nn.Linear(size, size), nn.Linear(size, size)

    def forward(self, x):
        batch, length, size = x.shape
        split = lambda y: y.view(batch, length, VISION["heads"], -1).transpose(1, 2)  # noqa: E731
        mixed = F.scaled_dot_product_attention(*(split(p(x)) for p in (self.q_proj, self.k_proj, self.v_proj)))
        return self.out_proj(mixed.transpose(1, 2).reshape(batch, length, size))


class VisionMlp(nn.Module):
    def __init__(self, size, inner):
        super().__init__()
        self.fc1, self.fc2 = nn.Linear(size, inner), nn.Linear(inner, size)

    def forward(self, x):
        return self.fc2(F.gelu(self.fc1(x), approximate="tanh"))


class VisionLayer(nn.Module):
    def __init__(self):
        super().__init__()
        size = VISION["hidden"]
        self.self_attn = VisionAttention(size)
        self.layer_norm1 = nn.LayerNorm(size, eps=VISION["eps"])
        self.mlp = VisionMlp(size, VISION["inner"])
        self.layer_norm2 = nn.LayerNorm(size, eps=VISION["eps"])

    def forward(self, x):
        x = x + self.self_attn(self.layer_norm1(x))
        return x + self.mlp(self.layer_norm2(x))


class VisionEmbeddings(nn.Module):
    def __init__(self):
        super().__init__()
        self.patch_embedding = nn.Conv2d(3, VISION["hidden"], PATCH, PATCH)
        self.position_embedding = nn.Embedding(PATCHES, VISION["hidden"])

    def forward(self, pixels):
        return self.patch_embedding(pixels).flatten(2).transpose(1, 2) + self.position_embedding.weight


class VisionModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.embeddings = VisionEmbeddings()
        self.encoder = nn.Module()
        self.encoder.layers = nn.ModuleList(VisionLayer() for _ in range(VISION["layers"]))
        self.post_layernorm = nn.LayerNorm(VISION["hidden"], eps=VISION["eps"])

    def forward(self, pixels):
        x = self.embeddings(pixels)
        for layer in self.encoder.layers:
            x = layer(x)
        return self.post_layernorm(x)


class Connector(nn.Module):
    def __init__(self):
        super().__init__()
        self.modality_projection = nn.Module()
        self.modality_projection.proj = nn.Linear(VISION["hidden"] * SHUFFLE**2, TEXT["hidden"], bias=False)

    def forward(self, x):
        batch, patches, size = x.shape
        side, s = int(patches**0.5), SHUFFLE
        x = x.view(batch, side // s, s, side // s, s, size).transpose(2, 3)
        return self.modality_projection.proj(x.reshape(batch, patches // s**2, size * s**2))


class RmsNorm(nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(TEXT["hidden"]))

    def forward(self, x):
        return self.weight * (x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + TEXT["eps"]))


def rotation(first, count):
    """Cosines and sines of the positions `first` to `first + count`, for a head's two halves."""
    angles = torch.arange(first, first + count).float()[:, None] * TEXT["theta"] ** (-torch.arange(0, HEAD, 2) / HEAD)
    angles = torch.cat([angles, angles], -1)
    return angles.cos(), angles.sin()


def rotate(x, cos, sin):
    left, right = x.chunk(2, -1)
    return x * cos + torch.cat([-right, left], -1) * sin


class TextAttention(nn.Module):
    def __init__(self):
        super().__init__()
        size, own = TEXT["hidden"], TEXT["kv_heads"] * HEAD
        self.q_proj = nn.Linear(size, size, bias=False)
        self.k_proj, self.v_proj = nn.Linear(size, own, bias=False), nn.Linear(size, own, bias=False)
        self.o_proj = nn.Linear(size, size, bias=False)

    def forward(self, x, cos, sin, past):
        batch, length, size = x.shape
        split = lambda y: y.view(batch, length, -1, HEAD).transpose(1, 2)  # noqa: E731
        q, k, v = (split(p(x)) for p in (self.q_proj, self.k_proj, self.v_proj))
        q, k = rotate(q, cos, sin), rotate(k, cos, sin)
        if past is not None:
            k, v = torch.cat([past[0], k], 2), torch.cat([past[1], v], 2)
        times = TEXT["heads"] // TEXT["kv_heads"]
        wide = [y.repeat_interleave(times, 1) for y in (k, v)]
        mixed = F.scaled_dot_product_attention(q, *wide, is_causal=past is None)
        return self.o_proj(mixed.transpose(1, 2).reshape(batch, length, size)), (k, v)


class TextMlp(nn.Module):
    def __init__(self):
        super().__init__()
        size, inner = TEXT["hidden"], TEXT["inner"]
        self.gate_proj, self.up_proj = nn.Linear(size, inner, bias=False), nn.Linear(size, inner, bias=False)
        self.down_proj = nn.Linear(inner, size, bias=False)

    def forward(self, x):
        return self.down_proj(F.silu(self.gate_proj(x)) * self.up_proj(x))


class TextLayer(nn.Module):
    def __init__(self):
        super().__init__()
        self.self_attn, self.mlp = TextAttention(), TextMlp()
        self.input_layernorm, self.post_attention_layernorm = RmsNorm(), RmsNorm()

    def forward(self, x, cos, sin, past):
        mixed, kept = self.self_attn(self.input_layernorm(x), cos, sin, past)
        x = x + mixed
        return x + self.mlp(self.post_attention_layernorm(x)), kept


class TextModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed_tokens = nn.Embedding(VOCABULARY, TEXT["hidden"])
        self.layers = nn.ModuleList(TextLayer() for _ in range(TEXT["layers"]))
        self.norm = RmsNorm()

    def forward(self, x, past=None):
        first = 0 if past is None else past[0][0].shape[2]
        cos, sin = rotation(first, x.shape[1])
        kept = []
        for i, layer in enumerate(self.layers):
            x, own = layer(x, cos, sin, None if past is None else past[i])
            kept.append(own)
        return self.norm(x), kept


class TinyVlm(nn.Module):
    def __init__(self):
        super().__init__()
        self.model = nn.Module()
        self.model.vision_model = VisionModel()
        self.model.connector = Connector()
        self.model.text_model = TextModel()
        for name, weight in self.named_parameters():
            if weight.dim() > 1:
                wide = weight[0].numel() if "embed_tokens" not in name and "position" not in name else 2500
                nn.init.normal_(weight, std=wide**-0.5 * (0.4 if "o_proj" in name or "down_proj" in name else 1))
            elif name.endswith("bias"):
                nn.init.zeros_(weight)

    def see(self, pixels):
        """Features of pictures [n, side, side, 3] of bytes."""
        scaled = (pixels.permute(0, 3, 1, 2).float() / 255 - 0.5) / 0.5
        return self.model.connector(self.model.vision_model(scaled))

    def embed(self, ids, features=None, image_token=-1):
        """The embeddings of tokens, those of pictures in the place of their tokens, in order."""
        x = self.model.text_model.embed_tokens(ids)
        if features is not None:
            x = x.masked_scatter((ids == image_token)[..., None], features.to(x.dtype))
        return x

    def logits(self, x):
        return x @ self.model.text_model.embed_tokens.weight.T

    @torch.no_grad()
    def answer(self, ids, features, image_token, end, most=60):
        """The greedy answer to one prompt."""
        x = self.embed(torch.tensor([ids]), features, image_token)
        past, said = None, []
        while len(said) < most and len(ids) + len(said) < CONTEXT:
            states, past = self.model.text_model(x, past)
            best = int(self.logits(states[:, -1])[0].argmax())
            if best == end:
                break
            said.append(best)
            x = self.embed(torch.tensor([[best]]))
        return said
