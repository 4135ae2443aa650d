"""SeQUeNCe 0.6: pairs of one midpoint link of two routers. To `{memories, simSec}` it answers `{pairs, genuine, sec}`."""

import json
import sys
import tempfile
import time

from sequence.app.request_app import RequestApp
from sequence.topology.router_net_topo import RouterNetTopo

LENGTH_M = 20_000
ATTENUATION_DB_PER_M = 0.0002
MEMORY = {"frequency": 2e3, "efficiency": 0.75, "fidelity": 0.9349367588934053, "coherence_time": 1.3}
DETECTOR = {"efficiency": 0.8, "count_rate": 5e7, "resolution": 100}
BIN_RATE_HZ = 1e7
FIDELITY = 0.8


def topology(memories, stop_ps):
    return {
        "is_parallel": False,
        "stop_time": stop_ps,
        "templates": {},
        "nodes": [
            {"name": "left", "type": "QuantumRouter", "seed": 0, "memo_size": memories},
            {"name": "right", "type": "QuantumRouter", "seed": 1, "memo_size": memories},
        ],
        "qconnections": [
            {
                "node1": "left",
                "node2": "right",
                "attenuation": ATTENUATION_DB_PER_M,
                "distance": LENGTH_M,
                "type": "meet_in_the_middle",
            }
        ],
        "cconnections": [{"node1": "left", "node2": "right", "distance": LENGTH_M}],
    }


def build(memories, stop_ps):
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(topology(memories, stop_ps), file)
        file.flush()
        net = RouterNetTopo(file.name)
    for router in net.get_nodes_by_type(RouterNetTopo.QUANTUM_ROUTER):
        array = router.get_components_by_type("MemoryArray")[0]
        array.update_memory_params("frequency", MEMORY["frequency"])
        array.update_memory_params("efficiency", MEMORY["efficiency"])
        array.update_memory_params("raw_fidelity", MEMORY["fidelity"])
        array.update_memory_params("coherence_time", MEMORY["coherence_time"])
    for node in net.get_nodes_by_type(RouterNetTopo.BSM_NODE):
        bsm = node.get_components_by_type("SingleAtomBSM")[0]
        bsm.update_detectors_params("efficiency", DETECTOR["efficiency"])
        bsm.update_detectors_params("count_rate", DETECTOR["count_rate"])
        bsm.update_detectors_params("time_resolution", DETECTOR["resolution"])
    for channel in net.get_qchannels():
        channel.frequency = BIN_RATE_HZ
    return net


class CountingApp(RequestApp):
    """Counts the pairs whose ket really spans two memories."""

    genuine = 0

    def get_memory(self, info):
        if info.state == "ENTANGLED" and info.index in self.memo_to_reserve:
            state = self.node.timeline.quantum_manager.get(info.memory.qstate_key)
            if info.remote_node == self.responder and len(state.keys) == 2:
                self.genuine += 1
        super().get_memory(info)


def run(memories, sim_sec):
    start_ps, stop_ps = int(1e12), int(1e12 * (1 + sim_sec))
    net = build(memories, stop_ps)
    left, right = net.get_nodes_by_type(RouterNetTopo.QUANTUM_ROUTER)
    app, other = CountingApp(left), RequestApp(right)
    app.start("right", start_ps, stop_ps, memories, FIDELITY)
    timeline = net.get_timeline()
    timeline.init()
    started = time.perf_counter()
    timeline.run()
    sec = time.perf_counter() - started
    return {"pairs": app.memory_counter, "genuine": app.genuine, "sec": sec, "events": timeline.run_counter}


for line in sys.stdin:
    request = json.loads(line)
    print(json.dumps(run(request["memories"], request["simSec"])), flush=True)
