/**
 * A WhatsApp server on loopback that unmodified Baileys believes: `node main.ts --state DIR`.
 * It prints one line of JSON with its addresses when it is ready, and keeps what it knows in DIR.
 */

import '../src/quiet.ts' // before Baileys: libsignal tells private keys to the console
import type { AddressInfo } from 'node:net'
import { parseArgs } from 'node:util'

const { values } = parseArgs({
  options: {
    state: { type: 'string' },
    port: { type: 'string', default: '0' },
    'admin-port': { type: 'string', default: '0' },
    'exit-with-stdin': { type: 'boolean', default: false },
  },
})
if (!values.state) throw new Error('say where to keep the state: --state DIR')

const [{ WebSocketServer }, { makeAdmin }, { Connection }, { Store }, { World }] = await Promise.all([
  import('ws'),
  import('./admin.ts'),
  import('./connection.ts'),
  import('./store.ts'),
  import('./world.ts'),
])

const HOST = '127.0.0.1'
const store = new Store(values.state)
const world = new World(store)
const clients = new WebSocketServer({ host: HOST, port: Number(values.port), path: '/ws/chat' })
clients.on('connection', (socket) => new Connection(socket, world))
const admin = makeAdmin(world).listen(Number(values['admin-port']), HOST)
await Promise.all([new Promise((resolve) => clients.once('listening', resolve)), new Promise((resolve) => admin.once('listening', resolve))])

function stop(): void {
  for (const socket of clients.clients) socket.terminate()
  clients.close()
  admin.closeAllConnections()
  admin.close()
  store.close()
  process.exit(0)
}

process.once('SIGTERM', stop)
process.once('SIGINT', stop)
if (values['exit-with-stdin']) process.stdin.once('end', stop).resume()

const ready = {
  url: `ws://${HOST}:${(clients.address() as AddressInfo).port}/ws/chat`,
  root_key: Buffer.from(world.authority.root.public).toString('base64'),
  admin: `http://${HOST}:${(admin.address() as AddressInfo).port}`,
}
process.stdout.write(`${JSON.stringify(ready)}\n`)
