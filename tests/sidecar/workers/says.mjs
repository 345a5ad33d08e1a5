// A worker that answers the first order with the bytes of EMDIA_TEST_SAYS (hex), and then stays.
import { Socket } from 'node:net'

const link = new Socket({ fd: Number(process.env.EMDIA_SIDECAR_FD) })
link.once('data', () => link.write(Buffer.from(process.env.EMDIA_TEST_SAYS, 'hex')))
link.on('end', () => process.exit(0))
