// An endpoint for src/bench/delivery: answers after LATENCY ms; the ticket SLOW answers 503 for its first minute.
// node help-desk.js PORT LATENCY [SLOW]
const http = require('http');
const [port, latency, slow] = [Number(process.argv[2]), Number(process.argv[3]), process.argv[4]];
const started = Date.now();
const ok = JSON.stringify({ id: 32, reference: 'LF-616004', subject: 'Example API Ticket', update_count: 1 });

http.createServer((request, response) => {
  let body = '';
  request.on('data', (part) => { body += part; });
  request.on('end', () => {
    const bad = slow && body.startsWith(`ticket=${slow}&`) && Date.now() - started < 60_000;
    const answer = () => {
      response.writeHead(bad ? 503 : 200, { 'Content-Type': 'application/json' });
      response.end(bad ? '{"error":"busy"}' : ok);
    };
    if (latency) setTimeout(answer, latency); else answer();
  });
}).listen(port, '127.0.0.1');
