import type { Navigation } from '@/api/types'

/** What of a device decides by which application it finds its way. */
export interface Device {
  system: 'android' | 'ios' | 'other'
  /** Inside WeChat, where no other application can be called up. */
  weChat: boolean
  /** Whether WeChat's own map can be opened: a page around ours has set up its JS-SDK; see docs/navigation.md. */
  weChatMap: boolean
}

export function deviceOf(userAgent: string, wx: WeChat | undefined): Device {
  const weChat = /MicroMessenger/i.test(userAgent)
  const system = /Android|HarmonyOS|OpenHarmony/i.test(userAgent) ? 'android' : /iPhone|iPad|iPod/i.test(userAgent) ? 'ios' : 'other'
  return { system, weChat, weChatMap: weChat && typeof wx?.openLocation === 'function' }
}

/** As much of WeChat's JS-SDK as the page calls. */
export interface WeChat {
  openLocation?(place: { latitude: number; longitude: number; name: string; address: string; scale: number }): void
}

declare global {
  interface Window {
    wx?: WeChat
  }
}

export type Application = 'amap' | 'baidu' | 'tencent' | 'apple' | 'geo' | 'truck' | 'wechat'

/** A way to an application: a link, or for WeChat's own map a call. */
export interface Way {
  to: Application
  href?: string
}

/** The ways to the place, best first. Every one is there wherever it may work; geo: comes last, Chinese applications misread it. */
export function waysOf(navigation: Navigation, device: Device): Way[] {
  const link = (to: 'amap' | 'baidu' | 'tencent' | 'apple' | 'geo'): Way => ({ to, href: navigation[to] })
  if (device.weChat) {
    const first: Way[] = device.weChatMap ? [{ to: 'wechat' }] : []
    return [...first, link('tencent'), link('amap'), link('baidu')]
  }
  const truck = device.system === 'other' ? undefined : navigation.truck?.[device.system]
  const all = [link('amap'), link('baidu'), link('tencent'), link('apple'), link('geo')]
  return truck ? [{ to: 'truck', href: truck }, ...all] : all
}

/** Opens WeChat's own map, which draws on GCJ-02. */
export function openInWeChat(wx: WeChat, { gcj02 }: Navigation, name: string, address: string): void {
  const [longitude = 0, latitude = 0] = gcj02
  wx.openLocation?.({ latitude, longitude, name, address, scale: 16 })
}

/** What is copied: all that a driver needs to be told, with the datum. */
export function placeInWords({ position }: Navigation, name: string, address: string): string {
  const [lon = 0, lat = 0] = position
  return [name, address, `${lon.toFixed(6)},${lat.toFixed(6)} (CGCS2000)`].filter(Boolean).join('\n')
}
