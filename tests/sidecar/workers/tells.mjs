// A worker that tells receipts of tenant 1 when ordered to, and answers every order with the signals it was given.
import { Socket } from 'node:net'

const link = new Socket({ fd: Number(process.env.EMDIA_SIDECAR_FD) })
const signals = []
let pending = Buffer.alloc(0)

function write(message) {
  const body = Buffer.from(JSON.stringify(message))
  const head = Buffer.alloc(4)
  head.writeUInt32BE(body.length)
  link.write(Buffer.concat([head, body]))
}

function tell(count) {
  for (let n = 0; n < count; n += 1) {
    const data = { message_id: `M${n}`, status: 'read', from_jid: '551188887777@s.whatsapp.net', at_ms: n }
    write({ event: 'receipt', tenant: 1, epoch: 1, data })
  }
}

link.on('data', (chunk) => {
  pending = Buffer.concat([pending, chunk])
  while (pending.length >= 4 && pending.length >= 4 + pending.readUInt32BE()) {
    const length = pending.readUInt32BE()
    const message = JSON.parse(pending.subarray(4, 4 + length))
    pending = pending.subarray(4 + length)
    if (message.event) signals.push(message.event)
    if (message.op === 'tell') tell(message.args.count)
    if (message.id) write({ re: message.id, ok: { signals } })
  }
})
link.on('end', () => process.exit(0))
