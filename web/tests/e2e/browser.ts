import { chromium, type Browser } from 'playwright-core'

/** The service under test; the stories are passed over without one. */
export const base = process.env.KORA_URL?.replace(/\/$/, '') ?? ''

const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** WebGL in software; upstream Chrome wants to be asked for it. */
const drawing = ['--enable-unsafe-swiftshader']
/** A device that cannot draw maps at all. */
const blind = ['--disable-3d-apis', '--disable-software-rasterizer']

export function launch({ webgl = true } = {}): Promise<Browser> {
  const executablePath = process.env.KORA_CHROMIUM ?? '/usr/bin/chromium'
  return chromium.launch({ executablePath, args: [...flags, ...(webgl ? drawing : blind)] })
}
