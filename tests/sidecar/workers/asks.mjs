// A worker that asks what it is ordered to ask, for whatever tenant, and answers the order with what it heard; and that
// tells what it is ordered to tell. "<half>" in it leaves as half a surrogate pair.
import { Socket } from 'node:net'

const link = new Socket({ fd: Number(process.env.EMDIA_SIDECAR_FD) })
const orders = new Map()
let pending = Buffer.alloc(0)
let lastId = 0

function write(message) {
  const body = Buffer.from(JSON.stringify(message).replaceAll('<half>', '\\ud83d'))
  const head = Buffer.alloc(4)
  head.writeUInt32BE(body.length)
  link.write(Buffer.concat([head, body]))
}

function take(message) {
  if (message.re !== undefined) {
    const { ok, error } = message
    return write({ re: orders.get(message.re), ok: { heard: error ? error.code : ok } })
  }
  if (message.op !== 'ask') {
    if (message.op === 'tell') write(message.args)
    if (message.id !== undefined) write({ re: message.id, ok: {} })
    return
  }
  lastId += 1
  orders.set(lastId, message.id)
  write({ id: lastId, ...message.args, deadline_ms: 10_000 })
}

link.on('data', (chunk) => {
  pending = Buffer.concat([pending, chunk])
  while (pending.length >= 4 && pending.length >= 4 + pending.readUInt32BE()) {
    const length = pending.readUInt32BE()
    const message = JSON.parse(pending.subarray(4, 4 + length))
    pending = pending.subarray(4 + length)
    take(message)
  }
})
link.on('end', () => process.exit(0))
