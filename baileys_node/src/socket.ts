/** Makes the Baileys socket as this product wants it, and ends it without waiting for a peer that is gone. */

import makeWASocket, {
  Browsers,
  configureSuccessfulPairing,
  isJidBroadcast,
  isJidGroup,
  isJidNewsletter,
  type AuthenticationCreds,
  type BinaryNode,
  type WASocket,
} from '@whiskeysockets/baileys'
import type { WebSocket } from 'ws'
import type { Config } from './config.ts'
import type { KeyStore } from './keys.ts'
import { forBaileys, type Logger } from './log.ts'
import { makeRepository, type SignalHooks } from './signal.ts'
import type { Timing } from './silence.ts'

export interface SocketOptions {
  creds: AuthenticationCreds
  keys: KeyStore
  config: Pick<Config, 'server' | 'version'>
  timing: Timing
  log: Logger
  hooks: SignalHooks
  /** The text sent under an id, for a phone that could not decrypt it. */
  sentText(messageId: string): Promise<string | null>
}

/** A peer that does not answer the closing handshake would hold the end back for 30 s. */
const TERMINATE_MS = 1_000
const STREAM_OVER = ['CB:stream:error', 'CB:failure', 'CB:ib,,downgrade_webclient']
const PAIR_SUCCESS = 'CB:iq,,pair-success'

export function connect({ creds, keys, config, timing, log, hooks, sentText }: SocketOptions): WASocket {
  const sock = makeWASocket({
    auth: { creds, keys },
    waWebSocketUrl: config.server.url,
    version: config.version,
    logger: forBaileys(log),
    browser: Browsers.ubuntu('Chrome'),
    countryCode: 'BR',
    markOnlineOnConnect: false,
    syncFullHistory: false,
    emitOwnEvents: false,
    generateHighQualityLinkPreview: false,
    keepAliveIntervalMs: timing.keepAliveMs,
    // Storage that failed once ends the session: nothing is tried again behind its back.
    transactionOpts: { maxCommitRetries: 1, delayBetweenTriesMs: 0 },
    shouldIgnoreJid: (jid) => isJidGroup(jid) || isJidBroadcast(jid) || isJidNewsletter(jid),
    getMessage: async ({ id }) => {
      const text = id ? await sentText(id) : null
      return text === null ? undefined : { extendedTextMessage: { text } }
    },
    makeSignalRepository: makeRepository(keys, hooks),
  })
  // Before Baileys' own listener, which throws on a code that is no number.
  for (const over of STREAM_OVER) sock.ws.prependListener(over, () => terminateSoon(sock))
  return sock
}

/**
 * Makes the phone's acceptance wait until `durable` has kept the credentials it makes. Baileys confirms it at once:
 * a process that died then would leave a linked device that nobody can be.
 */
export function holdPairing(sock: WASocket, durable: (creds: AuthenticationCreds) => Promise<void>): void {
  const confirm = sock.ws.listeners(PAIR_SUCCESS) as Array<(stanza: BinaryNode) => void>
  sock.ws.removeAllListeners(PAIR_SUCCESS)
  sock.ws.on(PAIR_SUCCESS, (stanza: BinaryNode) => {
    const kept = accepted(stanza, sock.authState.creds)
    // What is no acceptance is Baileys' to refuse.
    const ready = kept ? durable(kept) : Promise.resolve()
    ready.then(
      () => confirm.forEach((listener) => listener(stanza)),
      () => {},
    )
  })
}

function accepted(stanza: BinaryNode, creds: AuthenticationCreds): AuthenticationCreds | null {
  try {
    return { ...creds, ...configureSuccessfulPairing(stanza, creds).creds }
  } catch {
    return null
  }
}

/** Ends the socket: politely at first, by force after a second. Queries without an answer fail at once. */
export function disconnect(sock: WASocket): void {
  terminateSoon(sock)
  void sock.end(undefined)
  // `end` takes the close listeners away; without this every pending query would wait out its minute.
  sock.ws.emit('error', new Error('Connection Closed'))
}

/** Stops or resumes reading from WhatsApp. */
export function pauseReading(sock: WASocket, paused: boolean): void {
  const socket = rawSocket(sock)
  if (paused) socket?.pause()
  else socket?.resume()
}

function terminateSoon(sock: WASocket): void {
  const socket = rawSocket(sock)
  if (socket) setTimeout(() => socket.terminate(), TERMINATE_MS).unref()
}

function rawSocket(sock: WASocket): WebSocket | null {
  return (sock.ws as unknown as { socket: WebSocket | null }).socket
}
