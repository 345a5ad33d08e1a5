// A worker that does what a test orders: `script` sets the answers to other orders, `tell` sends an event, `seen` lists
// the orders that came. An answer is {ok}, {error}, "never", "later" (once another is set for the same orders), or
// {by, otherwise}: by the number or address it is about.
import { Socket } from 'node:net'

const link = new Socket({ fd: Number(process.env.EMDIA_SIDECAR_FD) })
const answers = new Map()
let seen = []
let waiting = []
let pending = Buffer.alloc(0)

function write(message) {
  const body = Buffer.from(JSON.stringify(message))
  const head = Buffer.alloc(4)
  head.writeUInt32BE(body.length)
  link.write(Buffer.concat([head, body]))
}

const orders = {
  script: ({ op, answer }) => {
    answers.set(op, answer)
    const again = waiting.filter((message) => message.op === op)
    waiting = waiting.filter((message) => message.op !== op)
    again.forEach(carryOut)
  },
  tell: (event) => write(event),
  seen: () => ({ seen }),
}

function answer(message) {
  const { id, op, tenant, epoch, args } = message
  if (op in orders) return write({ re: id, ok: orders[op](args) ?? {} })
  seen.push({ op, tenant, epoch, args })
  carryOut(message)
}

function carryOut(message) {
  const { id, op, args } = message
  let scripted = answers.get(op) ?? { ok: {} }
  if (scripted.by) scripted = scripted.by[args.candidates?.[0] ?? args.jid] ?? scripted.otherwise
  if (scripted === 'later') waiting.push(message)
  else if (scripted !== 'never') write({ re: id, ...scripted })
}

link.on('data', (chunk) => {
  pending = Buffer.concat([pending, chunk])
  while (pending.length >= 4 && pending.length >= 4 + pending.readUInt32BE()) {
    const end = 4 + pending.readUInt32BE()
    const message = JSON.parse(pending.subarray(4, end))
    pending = pending.subarray(end)
    if (message.id) answer(message)
  }
})
link.on('end', () => process.exit(0))
