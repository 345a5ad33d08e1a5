/**
 * A WhatsApp server on loopback that unmodified Baileys believes: `node main.ts --state DIR`.
 * It prints one line of JSON with its addresses when it is ready, and keeps what it knows in DIR.
 */

import '../src/quiet.ts' // before Baileys: libsignal tells private keys to the console
import { parseArgs } from 'node:util'
import { serve } from './server.ts'

const { values } = parseArgs({
  options: {
    state: { type: 'string' },
    port: { type: 'string', default: '0' },
    'admin-port': { type: 'string', default: '0' },
    'exit-with-stdin': { type: 'boolean', default: false },
  },
})
if (!values.state) throw new Error('say where to keep the state: --state DIR')

const { addresses, stop } = await serve(values.state, Number(values.port), Number(values['admin-port']))

function end(): void {
  stop()
  process.exit(0)
}

process.once('SIGTERM', end)
process.once('SIGINT', end)
if (values['exit-with-stdin']) process.stdin.once('end', end).resume()
process.stdout.write(`${JSON.stringify(addresses)}\n`)
