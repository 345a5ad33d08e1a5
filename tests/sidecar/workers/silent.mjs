// A worker that reads orders and answers none, deaf to SIGTERM too.
import { Socket } from 'node:net'

const link = new Socket({ fd: Number(process.env.EMDIA_SIDECAR_FD) })
link.on('data', () => {})
link.on('end', () => {})
process.on('SIGTERM', () => {})
setInterval(() => {}, 60_000)
