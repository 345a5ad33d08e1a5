/** The simulator on its two ports, on loopback only: WebSocket for clients, HTTP for whoever commands it. */

import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { WebSocketServer } from 'ws'
import { makeAdmin } from './admin.ts'
import { Connection } from './connection.ts'
import { checkDoor, WHATSAPP_WEB } from './door.ts'
import { Store } from './store.ts'
import { World } from './world.ts'

const HOST = '127.0.0.1'

/** What a client and a commander need to know. */
export interface Addresses {
  url: string
  /** The public key to put in the place of WhatsApp's, in base64. */
  root_key: string
  admin: string
}

export interface Server {
  addresses: Addresses
  /** Cuts every connection; what is kept stays. */
  stop(): void
}

function isWelcome({ req }: { req: IncomingMessage }): boolean {
  try {
    checkDoor(req, [WHATSAPP_WEB])
    return true
  } catch {
    return false
  }
}

/** Serves the state kept in `folder`; port 0 is any free one. */
export async function serve(folder: string, port = 0, adminPort = 0): Promise<Server> {
  const store = new Store(folder)
  const world = new World(store)
  const clients = new WebSocketServer({ host: HOST, port, path: '/ws/chat', verifyClient: isWelcome })
  clients.on('connection', (socket) => new Connection(socket, world))
  const admin = makeAdmin(world).listen(adminPort, HOST)
  await Promise.all([once(clients, 'listening'), once(admin, 'listening')])
  return {
    addresses: {
      url: `ws://${HOST}:${(clients.address() as AddressInfo).port}/ws/chat`,
      root_key: Buffer.from(world.authority.root.public).toString('base64'),
      admin: `http://${HOST}:${(admin.address() as AddressInfo).port}`,
    },
    stop: () => {
      for (const socket of clients.clients) socket.terminate()
      clients.close()
      admin.closeAllConnections()
      admin.close()
      store.close()
    },
  }
}
