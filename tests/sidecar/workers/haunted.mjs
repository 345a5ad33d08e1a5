// A worker with a child that inherits its link and its stderr, and outlives it without a word. It tells when the child is there.
import { spawn } from 'node:child_process'
import { Socket } from 'node:net'

const fd = Number(process.env.EMDIA_SIDECAR_FD)
const child = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 20_000)'], {
  stdio: ['ignore', 'ignore', 'inherit', fd],
  detached: true,
})
child.unref()
const data = { message_id: 'M', status: 'read', from_jid: '551188887777@s.whatsapp.net', at_ms: 1 }
const body = Buffer.from(JSON.stringify({ event: 'receipt', tenant: 1, epoch: 1, data }))
const head = Buffer.alloc(4)
head.writeUInt32BE(body.length)
child.on('spawn', () => new Socket({ fd }).on('data', () => {}).write(Buffer.concat([head, body])))
