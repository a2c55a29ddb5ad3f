"""An endpoint for src/bench/run that answers after MILLISECONDS, kept to well below one; the ticket SLOW, if there is one,
gets a 503 in its first minute. GET /stats tells what arrived when. Arguments: PORT MILLISECONDS [SLOW]."""
import asyncio
import collections
import json
import re
import selectors
import sys
import time

port, latency = int(sys.argv[1]), int(sys.argv[2]) / 1000
slow = sys.argv[3].encode() if len(sys.argv) > 3 else None
LENGTH = re.compile(rb"content-length: *([0-9]+)", re.IGNORECASE)
arrivals = []
stats = {"tickets_updated": 0, "last": 0.0, "others": 0.0, "held": 0.0}


def response(status, body):
    return (f"HTTP/1.1 {status} -\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n{body}").encode()


UPDATED = response(200, json.dumps({"id": 32, "reference": "LF-616004", "subject": "Example", "update_count": 1}))
BUSY = response(503, '{"error":"busy"}')


def summary():
    window, most = collections.deque(), 0
    for arrival in arrivals:
        window.append(arrival)
        while window[0] <= arrival - 1:
            window.popleft()
        most = max(most, len(window))
    return json.dumps({
        "tickets_updated": stats["tickets_updated"],
        "seconds": stats["last"] - arrivals[0],     # from the first request to the last answer
        "held": stats["held"],                      # all requests together, from arrival to answer
        "between": arrivals[-1] - arrivals[0],      # from the first request to the last
        "most": most,                               # in any second
        "others": stats["others"] - arrivals[0],    # until the last answer to a ticket that is not the slow one
    })


class HelpDesk(asyncio.Protocol):
    def connection_made(self, transport):
        self.transport, self.received = transport, b""

    def data_received(self, data):
        self.received += data
        head, end, body = self.received.partition(b"\r\n\r\n")
        length = LENGTH.search(head)
        if not end or (length and len(body) < int(length.group(1))):
            return
        self.received = b""
        if head.startswith(b"GET /stats"):
            self.transport.write(response(200, summary()))
            return
        arrivals.append(time.monotonic())
        asyncio.get_running_loop().call_later(latency, self.answer, arrivals[-1], body)

    def answer(self, arrived, body):
        is_slow = slow is not None and slow in body
        now = time.monotonic()
        stats["held"] += now - arrived
        if is_slow and now - arrivals[0] < 60:
            self.transport.write(BUSY)
            return
        self.transport.write(UPDATED)
        stats["tickets_updated"] += 1
        stats["last"] = now
        if not is_slow:
            stats["others"] = now


async def main():
    server = await asyncio.get_running_loop().create_server(HelpDesk, "127.0.0.1", port, backlog=512)
    await server.serve_forever()


# select() waits for microseconds where epoll rounds up to milliseconds.
asyncio.set_event_loop(asyncio.SelectorEventLoop(selectors.SelectSelector()))
asyncio.get_event_loop().run_until_complete(main())
