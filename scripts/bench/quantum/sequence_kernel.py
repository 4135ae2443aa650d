"""SeQUeNCe's timeline with events that schedule their successors. To `{pending, events, delays}` it answers `{sec}`."""

import json
import sys
import time

from sequence.kernel.event import Event
from sequence.kernel.process import Process
from sequence.kernel.timeline import Timeline


class Chain:
    """An event that comes again and again, each time after the next of the delays."""

    left = 0

    def __init__(self, timeline, delays, place):
        self.timeline = timeline
        self.delays = delays
        self.place = place

    def again(self):
        if Chain.left <= 0:
            return
        Chain.left -= 1
        self.place = (self.place + 1) % len(self.delays)
        event = Event(self.timeline.now() + self.delays[self.place], Process(self, "again", []))
        self.timeline.schedule(event)


def run(pending, events, delays):
    timeline = Timeline()
    Chain.left = events
    for index in range(pending):
        chain = Chain(timeline, delays, index % len(delays))
        timeline.schedule(Event(index, Process(chain, "again", [])))
    timeline.init()
    started = time.perf_counter()
    timeline.run()
    return {"sec": time.perf_counter() - started, "events": timeline.run_counter}


for line in sys.stdin:
    request = json.loads(line)
    print(json.dumps(run(request["pending"], request["events"], request["delays"])), flush=True)
