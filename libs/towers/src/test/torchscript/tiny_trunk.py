"""Writes the TorchScript modules the tests load: run it with Python, torch and a folder to write to."""

import sys
from pathlib import Path

import torch
from torch import nn


def block(channels_in: int, channels_out: int) -> list[nn.Module]:
    return [
        nn.Conv2d(channels_in, channels_out, 3, stride=2, padding=1, bias=False),
        nn.BatchNorm2d(channels_out),
        nn.ReLU(),
    ]


class TokenTrunk(nn.Module):
    """Gives [batch, tokens, features], which is no backbone."""

    def __init__(self):
        super().__init__()
        self.patches = nn.Conv2d(3, 4, 8, stride=8)

    def forward(self, pixels: torch.Tensor) -> torch.Tensor:
        return self.patches(pixels).flatten(2).transpose(1, 2)


class SizedTrunk(nn.Module):
    """Takes 32 x 32 pixels only."""

    def __init__(self):
        super().__init__()
        self.layer = nn.Linear(3 * 32 * 32, 4)

    def forward(self, pixels: torch.Tensor) -> torch.Tensor:
        return self.layer(pixels.flatten(1))


def main(folder: Path) -> None:
    torch.manual_seed(1)
    tiny = nn.Sequential(*block(3, 8), *block(8, 16), *block(16, 32))
    with torch.no_grad():
        for _ in range(20):  # running statistics that are not 0 and 1
            tiny(torch.randn(32, 3, 32, 32) * 1.5 + 0.3)
    torch.jit.script(tiny.eval()).save(folder / "tiny_trunk.pt")
    torch.jit.script(TokenTrunk().eval()).save(folder / "token_trunk.pt")
    torch.jit.script(SizedTrunk().eval()).save(folder / "sized_trunk.pt")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
