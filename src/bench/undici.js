// What a scripting user would write in JavaScript: 32 connections, each with the next row; no order, receipts or
// retries. Arguments: URL, file.
const fs = require('fs');
const { Pool } = require('undici');

const url = new URL(process.argv[2]);
const [header, ...rows] = fs.readFileSync(process.argv[3], 'utf8').trimEnd().split('\n').map((line) => line.split(','));
const pool = new Pool(url.origin, { connections: 32 });
const headers = {
  'Content-Type': 'application/x-www-form-urlencoded', 'X-Auth-Token': 'bench', 'X-Auth-Secret': 'bench',
};
let next = 0;

async function work() {
  while (next < rows.length) {
    const row = rows[next++];
    const body = new URLSearchParams(header.map((name, column) => [name, row[column]])).toString();
    const answer = await pool.request({ method: 'POST', path: url.pathname, headers, body });
    await answer.body.json();
    if (answer.statusCode !== 200) throw new Error(`${row[0]}: ${answer.statusCode}`);
  }
}

Promise.all(Array.from({ length: 32 }, work)).then(() => pool.close());
