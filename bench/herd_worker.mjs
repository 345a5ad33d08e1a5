// A WhatsApp worker without WhatsApp: every line opens at once and every order is carried out. What is left is us.
import { Socket } from 'node:net'

const link = new Socket({ fd: Number(process.env.EMDIA_SIDECAR_FD) })
let pending = Buffer.alloc(0)

function write(message) {
  const body = Buffer.from(JSON.stringify(message))
  const head = Buffer.alloc(4)
  head.writeUInt32BE(body.length)
  link.write(Buffer.concat([head, body]))
}

link.on('data', (chunk) => {
  pending = pending.length > 0 ? Buffer.concat([pending, chunk]) : chunk
  let at = 0
  while (pending.length - at >= 4 && pending.length - at >= 4 + pending.readUInt32BE(at)) {
    const length = pending.readUInt32BE(at)
    const { id, op, tenant, epoch } = JSON.parse(pending.subarray(at + 4, at + 4 + length))
    at += 4 + length
    if (id) write({ re: id, ok: {} })
    if (op === 'open') {
      const jid = `55119${String(tenant).padStart(8, '0')}:1@s.whatsapp.net`
      write({ event: 'open', tenant, epoch, data: { jid, lid: null } })
    }
  }
  pending = pending.subarray(at)
})
link.on('end', () => process.exit(0))
process.on('SIGTERM', () => process.exit(0))
