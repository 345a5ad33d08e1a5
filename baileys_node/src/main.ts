/** The sidecar worker: many tenants' WhatsApp sockets behind one inherited link. Ends with the link, or on SIGTERM. */

import './quiet.ts'
import { Socket } from 'node:net'
import { WA_CERT_DETAILS } from '@whiskeysockets/baileys'
import { readConfig, type Config } from './config.ts'
import { Crashes } from './crashes.ts'
import { describe } from './errors.ts'
import { Link } from './link.ts'
import { makeLog, type Logger } from './log.ts'
import { Worker } from './worker.ts'

const BAD_ENVIRONMENT = 2
const CRASHED = 1

async function run(config: Config, log: Logger): Promise<number> {
  if (config.server.rootKey) WA_CERT_DETAILS.PUBLIC_KEY = config.server.rootKey
  const worker = new Worker(config, log)
  const link = new Link(new Socket({ fd: config.fd, readable: true, writable: true }), worker, log)
  worker.attach(link)
  const told = new Promise<null>((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve(null))
  })
  log.info({ node: process.version }, 'worker ready')
  const error = await Promise.race([told, link.over])
  if (error) log.error({ ...describe(error), detail: error.message }, 'the link broke')
  await worker.shutdown()
  link.close()
  return error ? CRASHED : 0
}

function start(): void {
  let config: Config
  try {
    config = readConfig(process.env)
  } catch (error) {
    makeLog('info').fatal({ detail: (error as Error).message }, 'the environment is not usable')
    process.exit(BAD_ENVIRONMENT)
  }
  const log = makeLog(config.logLevel)
  const crash = (error: unknown): void => {
    log.fatal({ ...describe(error), stack: frames(error) }, 'the worker crashed')
    process.exit(CRASHED)
  }
  const crashes = new Crashes()
  process.on('uncaughtException', (error) => {
    if (crashes.tooMany(performance.now())) return crash(error)
    log.error({ ...describe(error), stack: frames(error) }, 'an error nobody caught')
  })
  // Baileys drops promises now and then; one tenant's must not take the others down.
  process.on('unhandledRejection', (error) => log.error({ ...describe(error), stack: frames(error) }, 'a dropped promise'))
  void run(config, log).then((code) => process.exit(code), crash)
}

/** Where it happened, without the message, which may quote a stanza. */
function frames(error: unknown): string[] {
  const stack = error instanceof Error ? (error.stack ?? '') : ''
  return stack.split('\n').filter((line) => line.trimStart().startsWith('at ')).slice(0, 8)
}

start()
