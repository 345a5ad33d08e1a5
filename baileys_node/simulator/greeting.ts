/** What an account's phone sends to a device that was just linked, so that it need not wait for more. */

import { randomBytes } from 'node:crypto'
import { deflateSync } from 'node:zlib'
import { proto } from '@whiskeysockets/baileys'
import { push } from './connection.ts'
import { node, now } from './stanzas.ts'
import { addressOf, type Device, type World } from './world.ts'

const { ProtocolMessage } = proto.Message

/** The first keys and an empty history, as peer messages of the account to itself. */
export async function greet(world: World, device: Device): Promise<void> {
  const phone = world.phone(device.number)
  if (!phone) throw new Error('a device without a phone')
  for (const message of [keyShare(), history()]) {
    const { type, data } = await phone.encrypt(addressOf(device), message, () => world.takeBundle(device))
    const attrs = { id: randomBytes(8).toString('hex').toUpperCase(), from: phone.jid, type: 'text', category: 'peer', t: now() }
    push(world, device, node('message', attrs, [node('enc', { v: '2', type }, data)]))
  }
  device.greeted = true
  world.keepDevice(device)
}

function keyShare(): proto.IMessage {
  const keyData = {
    keyData: randomBytes(32),
    fingerprint: { rawId: 1, currentIndex: 0, deviceIndexes: [0] },
    timestamp: Date.now(),
  }
  return {
    protocolMessage: {
      type: ProtocolMessage.Type.APP_STATE_SYNC_KEY_SHARE,
      appStateSyncKeyShare: { keys: [{ keyId: { keyId: randomBytes(6) }, keyData }] },
    },
  }
}

function history(): proto.IMessage {
  const syncType = proto.HistorySync.HistorySyncType.INITIAL_BOOTSTRAP
  const sync = proto.HistorySync.encode({ syncType, chunkOrder: 1, progress: 100 }).finish()
  return {
    protocolMessage: {
      type: ProtocolMessage.Type.HISTORY_SYNC_NOTIFICATION,
      historySyncNotification: {
        syncType: proto.Message.HistorySyncType.INITIAL_BOOTSTRAP,
        chunkOrder: 1,
        progress: 100,
        initialHistBootstrapInlinePayload: deflateSync(sync),
      },
    },
  }
}
