"""Muon for the matrices inside a model, AdamW for its embeddings, gains and biases.

Muon replaces the momentum of a matrix by the nearest matrix whose singular values are
about one, so that every direction of the weights moves as fast as any other. Keller
Jordan et al., "Muon: An optimizer for hidden layers in neural networks", 2024; the
scale that lets both optimisers share one learning rate is from Liu et al., "Muon is
Scalable for LLM Training", 2025, section 2.2.
"""

from __future__ import annotations

from collections import defaultdict

import torch

_MOMENTUM = 0.95
_NEWTON_SCHULZ = (3.4445, -4.7750, 2.0315)
_NEWTON_SCHULZ_STEPS = 5
_ADAM_UPDATE = 0.2
"""Root mean square of the updates AdamW makes, in units of the learning rate."""


class MuonWithAdamW(torch.optim.Optimizer):
    """One optimiser over both kinds of parameters; `lr` is set on all its groups alike."""

    def __init__(self, model: torch.nn.Module, weight_decay: float) -> None:
        embeddings = {id(m.weight) for m in model.modules() if isinstance(m, torch.nn.Embedding)}
        hidden = [p for p in model.parameters() if p.dim() == 2 and id(p) not in embeddings]
        rest = [p for p in model.parameters() if p.dim() != 2 or id(p) in embeddings]
        super().__init__([{"params": hidden, "muon": True}, {"params": rest, "muon": False}],
                         {"lr": 0.0, "weight_decay": weight_decay})

    @torch.no_grad()
    def step(self) -> None:
        """Updates every parameter that has a gradient."""
        for group in self.param_groups:
            (self._muon_step if group["muon"] else self._adam_step)(group)

    def _muon_step(self, group: dict) -> None:
        # Matrices of one shape are orthogonalised together: one large product instead of many.
        alike: dict[torch.Size, list[torch.nn.Parameter]] = defaultdict(list)
        for parameter in group["params"]:
            if parameter.grad is not None:
                alike[parameter.shape].append(parameter)
        for shape, parameters in alike.items():
            momenta: list[torch.Tensor] = []
            for parameter in parameters:
                state = self.state[parameter]
                if not state:
                    state["momentum"] = torch.zeros_like(parameter)
                state["momentum"].lerp_(parameter.grad, 1 - _MOMENTUM)
                momenta.append(parameter.grad.lerp(state["momentum"], _MOMENTUM))
            updates = orthogonalized(torch.stack(momenta)) * (_ADAM_UPDATE * max(shape) ** 0.5)
            for parameter, update in zip(parameters, updates):
                parameter.mul_(1 - group["lr"] * group["weight_decay"])
                parameter.sub_(update, alpha=group["lr"])

    def _adam_step(self, group: dict, betas: tuple[float, float] = (0.9, 0.95),
                   epsilon: float = 1e-8) -> None:
        for parameter in group["params"]:
            if parameter.grad is None:
                continue
            state = self.state[parameter]
            if not state:
                state |= {"step": 0, "mean": torch.zeros_like(parameter),
                          "square": torch.zeros_like(parameter)}
            state["step"] += 1
            state["mean"].lerp_(parameter.grad, 1 - betas[0])
            state["square"].lerp_(parameter.grad.square(), 1 - betas[1])
            mean = state["mean"] / (1 - betas[0] ** state["step"])
            square = state["square"] / (1 - betas[1] ** state["step"])
            if parameter.dim() > 1:
                parameter.mul_(1 - group["lr"] * group["weight_decay"])
            parameter.addcdiv_(mean, square.sqrt() + epsilon, value=-group["lr"])


def orthogonalized(matrices: torch.Tensor) -> torch.Tensor:
    """Matrices [count, rows, columns] with their singular values brought near one.

    Five steps of a quintic Newton-Schulz iteration; its values end between 0.7 and 1.2.
    """
    a, b, c = _NEWTON_SCHULZ
    tall = matrices.shape[1] > matrices.shape[2]
    x = matrices.mT if tall else matrices
    x = x / (x.norm(dim=(1, 2), keepdim=True) + 1e-7)
    for _ in range(_NEWTON_SCHULZ_STEPS):
        gram = x @ x.mT
        x = a * x + (b * gram + c * gram @ gram) @ x
    return x.mT if tall else x
