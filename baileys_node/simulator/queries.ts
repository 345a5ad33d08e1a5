/** The answers to a client's queries (iq). What the real server would refuse is refused. */

import { type BinaryNode, encodeBigEndian } from '@whiskeysockets/baileys'
import type { Connection } from './connection.ts'
import { bytes, child, children, first, node, number, refusal, result } from './stanzas.ts'
import { lookUp } from './usync.ts'
import { type Device, userOf, type World } from './world.ts'

/** Queries that a client makes for comfort only: an empty answer is a true one here. */
const COMFORTS = new Set(['w:stats', 'w:profile:picture', 'status', 'w', 'w:biz', 'w:g2', 'urn:xmpp:whatsapp:dirty', 'newsletter'])
const CAPPING = { xwa2_message_capping_info: { total_quota: 0, used_quota: 0, capping_status: 'NONE' } }

/** The answer to `query`; null when there is none to give. */
export function answer(connection: Connection, query: BinaryNode): BinaryNode | null {
  const { world, device } = connection
  const xmlns = query.attrs['xmlns'] ?? ''
  if (xmlns === 'w:p') return result(query)
  if (!device) return refusal(query, 401, 'not-authorized')
  switch (xmlns) {
    case 'encrypt':
      return query.attrs['type'] === 'set' ? keepKeys(world, device, query) : giveKeys(world, device, query)
    case 'passive':
      return result(query)
    case 'usync':
      return lookUp(world, device, query)
    case 'abt':
      return result(query, [node('props', { protocol: '1', hash: 'sim' }, [])])
    case 'blocklist':
      return result(query, [node('list', {}, [])])
    case 'privacy':
      return result(query, privacy(query))
    case 'w:sync:app:state':
      return result(query, [node('sync', {}, collections(query))])
    case 'w:mex':
      return result(query, [node('result', {}, Buffer.from(JSON.stringify({ data: standing(world, device.number) })))])
    case 'md':
      return unlink(connection, device, query)
    default:
      return COMFORTS.has(xmlns) ? result(query) : refusal(query, 501, 'feature-not-implemented')
  }
}

function keepKeys(world: World, device: Device, query: BinaryNode): BinaryNode {
  const signed = child(child(query, 'rotate') ?? query, 'skey')
  const [id, value, signature] = [number(bytes(signed, 'id')), bytes(signed, 'value'), bytes(signed, 'signature')]
  if (id === undefined || value?.length !== 32 || signature?.length !== 64) return refusal(query, 406, 'not-acceptable')
  const identity = bytes(query, 'identity')
  if (identity && !identity.equals(device.identity)) return refusal(query, 409, 'conflict')
  world.store.together(() => {
    device.signedPreKey = { id, value, signature }
    world.keepDevice(device)
    for (const key of children(child(query, 'list'), 'key')) {
      world.store.put(`device-pre-keys ${device.number}`, String(number(bytes(key, 'id'))), bytes(key, 'value'))
    }
  })
  return result(query)
}

function giveKeys(world: World, device: Device, query: BinaryNode): BinaryNode {
  const asked = first(query)
  switch (asked?.tag) {
    case 'count':
      return result(query, [node('count', { value: String(world.store.all(`device-pre-keys ${device.number}`).length) })])
    case 'digest':
      return result(query, [digest(device)])
    case 'key':
      return result(query, [node('list', {}, children(asked, 'user').map((user) => bundleFor(world, user.attrs['jid'] ?? '')))])
    default:
      return refusal(query, 400, 'bad-request')
  }
}

function digest({ registrationId, identity, signedPreKey }: Device): BinaryNode {
  return node('digest', {}, [
    node('registration', {}, encodeBigEndian(registrationId)),
    node('identity', {}, identity),
    node('skey', {}, [node('id', {}, encodeBigEndian(signedPreKey.id, 3)), node('value', {}, signedPreKey.value)]),
  ])
}

function bundleFor(world: World, jid: string): BinaryNode {
  const phone = world.phoneOf(jid)
  return phone ? phone.bundle(jid) : node('user', { jid }, [node('error', { code: '404', text: 'item-not-found' })])
}

/** What the account may not do for a while (F5's restrictions), as it is told when it asks. */
function standing(world: World, number: string): object {
  return { xwa2_fetch_account_reachout_timelock: timelock(world.timelocks.get(number)), ...CAPPING }
}

/** A reach-out time-lock until an instant in seconds since 1970, or none. Whose clock that is, is its driver's affair. */
export function timelock(until = 0): Record<string, unknown> {
  const active = until > 0
  return { is_active: active, enforcement_type: 'DEFAULT', ...(active ? { time_enforcement_ends: String(until) } : {}) }
}

function privacy(query: BinaryNode): BinaryNode[] {
  if (query.attrs['type'] === 'set') return []
  const settings = { readreceipts: 'all', last: 'all', online: 'all', profile: 'all', status: 'all', groupadd: 'all', calladd: 'all' }
  return [node('privacy', {}, Object.entries(settings).map(([name, value]) => node('category', { name, value })))]
}

function collections(query: BinaryNode): BinaryNode[] {
  return children(child(query, 'sync'), 'collection').map(({ attrs }) =>
    node('collection', { name: attrs['name'] ?? '', version: attrs['version'] ?? '0', has_more_patches: 'false' }),
  )
}

/** The client unlinks itself. */
function unlink(connection: Connection, device: Device, query: BinaryNode): BinaryNode {
  const removed = child(query, 'remove-companion-device')
  if (!removed || userOf(removed.attrs['jid'] ?? '') !== device.number) return refusal(query, 400, 'bad-request')
  connection.world.unlink(device.number)
  return result(query)
}
