"""Training throughput of Sightline's image tower in plain PyTorch: ResNet-18 with a 5x5 stem and logistic heads.

    pip install torch
    python benchmarks/peers/train_torch.py --steps 60

Prints images/s, median over the second half of the steps. `./sightline bench train --recipe logistic` trains the same
network with all that a real run does; compare the two in one run on a machine that does nothing else:

    for i in 1 2 3; do python benchmarks/peers/train_torch.py; ./sightline bench train --recipe logistic; done
"""

import argparse
import statistics
import time

import torch
from torch import nn
from torch.nn import functional as F


class Residual(nn.Module):
    def __init__(self, channels_in, channels, stride):
        super().__init__()
        self.branch = nn.Sequential(
            nn.Conv2d(channels_in, channels, 3, stride, 1, bias=False),
            nn.BatchNorm2d(channels),
            nn.ReLU(),
            nn.Conv2d(channels, channels, 3, 1, 1, bias=False),
            nn.BatchNorm2d(channels),
        )
        self.shortcut = nn.Identity()
        if stride != 1 or channels_in != channels:
            self.shortcut = nn.Sequential(
                nn.Conv2d(channels_in, channels, 1, stride, bias=False), nn.BatchNorm2d(channels)
            )

    def forward(self, x):
        return F.relu(self.branch(x) + self.shortcut(x))


def network(width, attributes):
    layers = [nn.Conv2d(3, width, 5, 2, 2, bias=False), nn.BatchNorm2d(width), nn.ReLU(), nn.MaxPool2d(2)]
    channels_in = width
    for stage in range(4):
        channels = width << stage
        for block in range(2):
            layers.append(Residual(channels_in, channels, 2 if block == 0 and stage > 0 else 1))
            channels_in = channels
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(channels_in, attributes))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=int, default=96, help="pixels a side")
    parser.add_argument("--width", type=int, default=32, help="channels of the first stage")
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--attributes", type=int, default=40)
    parser.add_argument("--steps", type=int, default=60)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()

    torch.set_num_threads(options.threads)
    torch.manual_seed(1)
    model = network(options.width, options.attributes)
    optimiser = torch.optim.AdamW(model.parameters(), lr=2e-3, weight_decay=0.05)
    pixels = torch.randint(0, 256, (options.batch, 3, options.size, options.size), dtype=torch.uint8)
    labels = torch.randint(0, 2, (options.batch, options.attributes)).float()
    seconds = []
    for _ in range(options.steps):
        start = time.perf_counter()
        loss = F.binary_cross_entropy_with_logits(model((pixels.float() / 255 - 0.5) / 0.25), labels)
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 5)
        optimiser.step()
        seconds.append(time.perf_counter() - start)
    median = statistics.median(seconds[len(seconds) // 2 :])
    print(f"{options.batch / median:.0f} images/s ({options.size}x{options.size}, width {options.width}, "
          f"{options.threads} threads, torch {torch.__version__})")


if __name__ == "__main__":
    main()
