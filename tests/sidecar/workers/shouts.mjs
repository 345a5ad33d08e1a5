// A worker that fills stdout and stderr as fast as they are read, with lines of every kind, and answers every order.
import { Socket } from 'node:net'

const link = new Socket({ fd: Number(process.env.EMDIA_SIDECAR_FD) })
let pending = Buffer.alloc(0)

link.on('data', (chunk) => {
  pending = Buffer.concat([pending, chunk])
  while (pending.length >= 4 && pending.length >= 4 + pending.readUInt32BE()) {
    const length = pending.readUInt32BE()
    const { id } = JSON.parse(pending.subarray(4, 4 + length))
    pending = pending.subarray(4 + length)
    const body = Buffer.from(JSON.stringify({ re: id, ok: {} }))
    const head = Buffer.alloc(4)
    head.writeUInt32BE(body.length)
    link.write(Buffer.concat([head, body]))
  }
})
link.on('end', () => process.exit(0))

const LINES = ['{"level":"error","msg":"oi %s {0}","event":"x","self":1}', '{"msg":"\\ud83d"}', '[]', '\u0000', 'x'.repeat(70_000)]
function shout() {
  process.stdout.write(LINES.join('\n'))
  for (let n = 0; n < 20; n += 1) process.stderr.write(LINES[n % LINES.length] + '\n')
  setTimeout(shout, 1)
}
shout()
