"""A chain as a networkx graph, for everything that graph algorithms answer."""

from __future__ import annotations

import networkx as nx

from resolve.chain.model import ValueChain

CUSTOMER = ""
"""The node of the customer, who stands behind all touchpoints; no step has this id."""


def graph_of(chain: ValueChain) -> nx.DiGraph[str]:
    """Give steps as nodes (`step`) and hand-overs as edges (`handover`), in file order.

    Made once and kept with the chain: do not change it, copy it.
    """
    graph: nx.DiGraph[str] | None = chain.kept.get("graph")
    if graph is None:
        graph = nx.DiGraph()
        graph.add_nodes_from((name, {"step": s}) for name, s in chain.steps.items())
        graph.add_edges_from(
            (h.source, h.target, {"handover": h}) for h in chain.handovers
        )
        chain.kept["graph"] = graph
    return graph


def with_customer(chain: ValueChain) -> nx.DiGraph[str]:
    """Give a copy of the graph in which touchpoints' steps lead to CUSTOMER."""
    graph = graph_of(chain).copy()
    graph.add_node(CUSTOMER)
    graph.add_edges_from((t.step, CUSTOMER) for t in chain.touchpoints.values())
    return graph
