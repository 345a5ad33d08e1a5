// A worker that answers every order, and before that says the bytes it is ordered to (hex), each in a frame.
// "#" in them stands for the number of the order. What it is told in answer to questions of its own, it repeats.
import { Socket } from 'node:net'

const link = new Socket({ fd: Number(process.env.EMDIA_SIDECAR_FD) })
const answers = []
let pending = Buffer.alloc(0)

function write(body) {
  const head = Buffer.alloc(4)
  head.writeUInt32BE(body.length)
  link.write(Buffer.concat([head, body]))
}

link.on('data', (chunk) => {
  pending = Buffer.concat([pending, chunk])
  while (pending.length >= 4 && pending.length >= 4 + pending.readUInt32BE()) {
    const length = pending.readUInt32BE()
    const message = JSON.parse(pending.subarray(4, 4 + length))
    pending = pending.subarray(4 + length)
    if (message.re !== undefined) answers.push(message.error?.code ?? 'ok')
    for (const said of message.args?.says ?? []) {
      write(Buffer.from(Buffer.from(said, 'hex').toString('latin1').replaceAll('#', message.id), 'latin1'))
    }
    if (message.id) write(Buffer.from(JSON.stringify({ re: message.id, ok: { answers } })))
  }
})
link.on('end', () => process.exit(0))
