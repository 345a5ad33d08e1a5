/** The remote control of the simulator: JSON over HTTP on loopback. A request it does not understand is refused. */

import { randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import { S_WHATSAPP_NET } from '@whiskeysockets/baileys'
import type { Connection } from './connection.ts'
import type { Sent } from './contents.ts'
import { checkDoor, Forbidden } from './door.ts'
import { farewellOf } from './farewells.ts'
import type { FaultOrder } from './faults.ts'
import { BadRequest, check, isNumber, type Json, object, text } from './fields.ts'
import { comeOnline, sendReceipts, write } from './messages.ts'
import { BEHAVIOUR, FAULTS, KICK, PHONE, RECEIPTS, REPLY, RESTRICT } from './orders.ts'
import { Refused } from './pairing.ts'
import type { Behaviour, Phone } from './phone.ts'
import { timelock } from './queries.ts'
import { node, now } from './stanzas.ts'
import type { World } from './world.ts'

const MAX_BODY_BYTES = 4 * 1024 * 1024

export function makeAdmin(world: World): Server {
  const admin = new Admin(world)
  return createServer((request, response) => {
    Promise.resolve(request)
      .then(checkDoor)
      .then(() => admin.serve(request))
      .then((body) => ({ status: 200, body }))
      .catch((error: unknown) => ({ status: statusOf(error), body: { error: String(error) } }))
      .then(({ status, body }) => {
        response.writeHead(status, { 'content-type': 'application/json' })
        response.end(JSON.stringify(body))
      })
  })
}

function statusOf(error: unknown): number {
  if (error instanceof Refused) return 409
  if (error instanceof Forbidden) return 403
  return error instanceof BadRequest ? 400 : 500
}

class Admin {
  readonly #world: World

  constructor(world: World) {
    this.#world = world
  }

  async serve(request: IncomingMessage): Promise<Json> {
    const [family = '', number = '', action = ''] = (request.url ?? '').split('?')[0]!.split('/').slice(1)
    const body = await read(request)
    const verb = `${request.method} ${family}${number && ' :n'}${action && ` ${action}`}`
    switch (verb) {
      case 'PUT phones':
        return this.#addPhones(body)
      case 'PUT phones :n':
        return this.#addPhone(number, body)
      case 'POST phones :n scan':
        return this.#scan(this.#phone(number), text(body, 'qr'))
      case 'POST phones :n enter-code':
        return this.#enterCode(this.#phone(number), text(body, 'code'))
      case 'GET phones :n inbox':
        return { messages: this.#phone(number).inbox() }
      case 'POST phones :n receipts':
        return this.#receipts(this.#phone(number), body)
      case 'GET inboxes':
        return { inboxes: Object.fromEntries([...this.#world.phones()].map((phone) => [phone.number, phone.inbox()])) }
      case 'POST phones :n reply':
        return this.#reply(this.#phone(number), body)
      case 'POST phones :n read':
        return this.#read(this.#phone(number), text(body, 'id'))
      case 'POST phones :n settings':
        return this.#behave(this.#phone(number), body)
      case 'GET sessions':
        return { sessions: this.#sessions() }
      case 'POST sessions :n kick':
        return this.#kick(number, body)
      case 'POST sessions :n restrict':
        return this.#restrict(number, body)
      case 'POST faults':
        return this.#order(body)
      case 'DELETE faults':
        this.#world.faults.clear()
        return {}
      case 'DELETE faults :n':
        this.#world.faults.clear(number)
        return {}
      case 'GET faults':
        return { fired: this.#world.faults.fired }
      case 'GET tally':
        return { look_ups: this.#world.tally.lookUps, messages: this.#world.tally.messages }
      case 'POST drop':
        this.#connection(text(body, 'number')).cut()
        return {}
      case 'GET stats':
        return { ...this.#world.counts }
      default:
        throw new BadRequest(`no such request: ${verb}`)
    }
  }

  #phone(number: string): Phone {
    const phone = this.#world.phone(number)
    if (!phone) throw new BadRequest(`there is no phone ${number}`)
    return phone
  }

  #connection(number: string): Connection {
    const connection = this.#world.online.get(number)
    if (!connection) throw new BadRequest(`${number} is not connected`)
    return connection
  }

  #addPhones(body: Json): Json {
    const phones = body['phones']
    if (!Array.isArray(phones)) throw new BadRequest('phones must be a list')
    for (const phone of phones) check(phone, PHONE, ['number'])
    this.#world.store.together(() => {
      for (const phone of phones as Json[]) this.#addPhone(text(phone, 'number'), phone)
    })
    return {}
  }

  #addPhone(number: string, body: Json): Json {
    check(body, PHONE)
    if (!isNumber(number)) throw new BadRequest(`not a number: ${number}`)
    const name = body['name'] === undefined ? `Pessoa ${number.slice(-4)}` : text(body, 'name')
    const phone = this.#world.addPhone(number, name)
    if (body['passkey'] !== undefined) phone.behave({ passkey: body['passkey'] === true })
    return { number, lid: phone.lid }
  }

  #scan(phone: Phone, qr: string): Json {
    const ref = qr.slice(qr.indexOf('#') + 1).split(',')[0] ?? ''
    const connection = this.#world.pairing.get(ref)
    if (!connection?.isOpen || !connection.pairing) throw new Refused('this QR is not on show')
    connection.pairing.scan(phone, qr)
    return {}
  }

  async #enterCode(phone: Phone, code: string): Promise<Json> {
    const asking = [...this.#world.pairing.values()].find(({ pairing }) => pairing?.isFor(phone.number))
    if (!asking?.pairing) throw new Refused('nobody asked to link this phone')
    await asking.pairing.enterCode(phone, code)
    return {}
  }

  async #reply(phone: Phone, body: Json): Promise<Json> {
    check(body, REPLY, ['to'])
    const id = randomBytes(10).toString('hex').toUpperCase()
    const raw = body['raw'] !== undefined
    const name = body['name'] === undefined ? {} : { pushName: text(body, 'name') }
    const sent = body['kind'] === undefined ? {} : { sent: sentIn(body) }
    const words = raw ? text(body, 'raw') : body['kind'] === undefined ? text(body, 'text') : ''
    const written = { id, from: phone.number, text: words, raw, lidForm: body['lid_form'] === true, ...name, ...sent }
    await write(this.#world, phone, this.#phone(text(body, 'to')), written)
    return { id }
  }

  #read(phone: Phone, id: string): Json {
    const shown = phone.inbox().find((message) => message.id === id)
    if (!shown) throw new BadRequest(`phone ${phone.number} shows no message ${id}`)
    sendReceipts(this.#world, shown.from, [id], phone.jid, 'read')
    return {}
  }

  /** Receipts for whatever ids, shown or not: WhatsApp passes on what a phone says. */
  #receipts(phone: Phone, body: Json): Json {
    check(body, RECEIPTS, ['to', 'ids'])
    const type = body['type'] === undefined ? undefined : text(body, 'type')
    for (let times = (body['times'] as number | undefined) ?? 1; times > 0; times -= 1) {
      sendReceipts(this.#world, text(body, 'to'), body['ids'] as string[], phone.jid, type)
    }
    return {}
  }

  async #behave(phone: Phone, body: Json): Promise<Json> {
    check(body, BEHAVIOUR)
    phone.behave(body as Partial<Behaviour>)
    if (phone.behaviour.delivers) await comeOnline(this.#world, phone)
    return { ...phone.behaviour }
  }

  #sessions(): Json[] {
    return this.#world.devices().map(({ number, device, logins }) => ({
      number,
      device,
      logins,
      connected: this.#world.online.has(number),
      lid: this.#world.phone(number)?.lid ?? null,
    }))
  }

  #kick(number: string, body: Json): Json {
    check(body, KICK, ['code'])
    const connection = this.#connection(number)
    const { code, expire_s: expire } = body
    if (code === 401) this.#world.unlink(number)
    connection.end(farewellOf(code, expire as number | undefined))
    return {}
  }

  /** The account may open no new chats until an instant (0: it may again), and is told so if it is connected. */
  #restrict(number: string, body: Json): Json {
    check(body, RESTRICT, ['until_s'])
    const until = body['until_s'] as number
    this.#world.timelocks.set(this.#phone(number).number, until)
    const data = { xwa2_notify_account_reachout_timelock: timelock(until) }
    const update = node('update', { op_name: 'NotificationUserReachoutTimelockUpdate' }, Buffer.from(JSON.stringify({ data })))
    const attrs = { from: S_WHATSAPP_NET, type: 'mex', id: randomBytes(4).toString('hex'), t: now() }
    this.#world.online.get(number)?.send(node('notification', attrs, [update]))
    return {}
  }

  #order(body: Json): Json {
    check(body, FAULTS)
    if (body['number'] !== undefined) this.#phone(text(body, 'number'))
    this.#world.faults.order(body as FaultOrder)
    return {}
  }
}

/** What a reply of a kind says, its fields checked already. */
function sentIn(body: Json): Sent {
  const { kind, text: words, file_name: fileName, size_bytes: sizeBytes, seconds, about } = body
  return { kind, text: words, fileName, sizeBytes, seconds, about } as Sent
}

async function read(request: IncomingMessage): Promise<Json> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request) {
    size += (chunk as Buffer).length
    if (size > MAX_BODY_BYTES) throw new BadRequest('too long')
    chunks.push(chunk as Buffer)
  }
  if (size === 0) return {}
  return object(parsed(Buffer.concat(chunks).toString()))
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    throw new BadRequest('not JSON')
  }
}
