#!/usr/bin/env python3
"""Exports an image classifier of torchvision or timm, without its classifier, as a TorchScript backbone.

    python3 export_backbone.py --model resnet50 --size 224 --output resnet50.pt
    sightline train --dataset DIR --backbone torchscript:resnet50.pt

It maps pixels of shape [batch, 3, size, size], normalised with ImageNet's mean and deviation, to features of shape
[batch, features]. Needs torch, and torchvision or timm.
"""

import argparse

import torch
from torch import nn


def from_torchvision(name: str, pretrained: bool) -> nn.Module:
    from torchvision import models

    model = models.get_model(name, weights="DEFAULT" if pretrained else None)
    for head in ("fc", "classifier", "heads", "head"):
        if hasattr(model, head):
            setattr(model, head, nn.Identity())
            return model
    raise SystemExit(f"cannot find the classifier of torchvision's {name}; try --source timm")


def from_timm(name: str, pretrained: bool, size: int) -> nn.Module:
    import timm

    # Convolutional networks take any size and do not know the argument; transformers are built for one.
    try:
        return timm.create_model(name, pretrained=pretrained, num_classes=0, scriptable=True, img_size=size)
    except TypeError:
        return timm.create_model(name, pretrained=pretrained, num_classes=0, scriptable=True)


def to_torchscript(model: nn.Module, example: torch.Tensor) -> torch.jit.ScriptModule:
    try:
        return torch.jit.script(model)
    except Exception as failure:  # what cannot be scripted fails in many ways
        print(f"cannot be scripted ({type(failure).__name__}), so traced at {tuple(example.shape[2:])}")
        return torch.jit.trace(model, example)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default="resnet50", help="its name in the source (default: %(default)s)")
    parser.add_argument("--source", choices=["torchvision", "timm"], default="torchvision")
    parser.add_argument(
        "--pretrained",
        action=argparse.BooleanOptionalAction,
        default=True,
        help="take the published weights, which are downloaded",
    )
    parser.add_argument("--size", type=int, default=224, help="side of an image in pixels (default: %(default)s)")
    parser.add_argument("--output", required=True, help="the file to write, for example resnet50.pt")
    arguments = parser.parse_args()

    if arguments.source == "torchvision":
        model = from_torchvision(arguments.model, arguments.pretrained)
    else:
        model = from_timm(arguments.model, arguments.pretrained, arguments.size)
    model.eval()
    example = torch.rand(2, 3, arguments.size, arguments.size)
    module = to_torchscript(model, example)
    with torch.no_grad():
        features = module(example)
        difference = (features - model(example)).abs().max().item()
    if features.dim() not in (2, 4):
        raise SystemExit(f"{arguments.model} gives {list(features.shape)}, not [batch, features] or a map of them")
    module.save(arguments.output)
    print(f"{arguments.output}: {list(example.shape)} to {list(features.shape)}, off by {difference:.1e}")


if __name__ == "__main__":
    main()
