import { describe, expect, it, vi } from 'vitest'
import type { Navigation } from '@/api/types'
import { deviceOf, openInWeChat, placeInWords, waysOf } from '@/ui/navigation'

// The Potala in CGCS2000 and GCJ-02, as the service answers it.
const navigation: Navigation = {
  position: [91.1169, 29.6578],
  gcj02: [91.118461, 29.655095],
  amap: 'https://uri.amap.com/a',
  baidu: 'https://api.map.baidu.com/b',
  tencent: 'https://apis.map.qq.com/t',
  apple: 'https://maps.apple.com/p',
  geo: 'geo:29.657800,91.116900',
}
const truck = { android: 'amapuri://route/plan/?t=7', ios: 'iosamap://path?t=7' }

const agents = {
  android: 'Mozilla/5.0 (Linux; Android 14; ALN-AL00) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36',
  harmony: 'Mozilla/5.0 (Phone; OpenHarmony 5.0) AppleWebKit/537.36 Chrome/114.0 Safari/537.36 ArkWeb/4.1 Mobile',
  iphone: 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 Version/18.1 Mobile/15E148 Safari/604.1',
  desk: 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/130.0 Safari/537.36',
  weChat: 'Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/116.0 Mobile Safari/537.36 XWEB/1160065 MMWEBSDK/20231002 MicroMessenger/8.0.43 WeChat/arm64',
}
const ways = (agent: string, n = navigation, wx?: Parameters<typeof deviceOf>[1]) => waysOf(n, deviceOf(agent, wx)).map((w) => w.to)

describe('the applications that a device is offered', () => {
  it('begin with Amap and end with geo:', () => {
    for (const agent of [agents.android, agents.iphone, agents.desk]) {
      expect(ways(agent)).toEqual(['amap', 'baidu', 'tencent', 'apple', 'geo'])
    }
  })

  it('begin with routes for trucks at a drivers’ home, on telephones', () => {
    const home = { ...navigation, truck }
    const first = (agent: string) => waysOf(home, deviceOf(agent, undefined))[0]
    expect(first(agents.android)).toEqual({ to: 'truck', href: truck.android })
    expect(first(agents.harmony)).toEqual({ to: 'truck', href: truck.android })
    expect(first(agents.iphone)).toEqual({ to: 'truck', href: truck.ios })
    expect(first(agents.desk)).toEqual({ to: 'amap', href: navigation.amap })
  })

  it('are, inside WeChat, those that open there: Tencent first, or WeChat’s own map when it was set up', () => {
    expect(ways(agents.weChat, { ...navigation, truck })).toEqual(['tencent', 'amap', 'baidu'])
    expect(ways(agents.weChat, navigation, {})).toEqual(['tencent', 'amap', 'baidu'])
    expect(ways(agents.weChat, navigation, { openLocation: () => {} })).toEqual(['wechat', 'tencent', 'amap', 'baidu'])
  })

  it('do not take a page with an object named wx for WeChat', () => {
    expect(ways(agents.android, navigation, { openLocation: () => {} })).not.toContain('wechat')
  })

  it('each have the link of the service', () => {
    for (const { to, href } of waysOf(navigation, deviceOf(agents.desk, undefined))) {
      expect(href).toBe(navigation[to as 'amap'])
    }
  })
})

it('WeChat is given GCJ-02, latitude and longitude by name', () => {
  const openLocation = vi.fn()
  openInWeChat({ openLocation }, navigation, '布达拉宫', '北京中路35号')
  expect(openLocation).toHaveBeenCalledWith({ latitude: 29.655095, longitude: 91.118461, name: '布达拉宫', address: '北京中路35号', scale: 16 })
})

it('what is copied names its datum, and leaves out what is not known', () => {
  expect(placeInWords(navigation, '布达拉宫', '北京中路35号')).toBe('布达拉宫\n北京中路35号\n91.116900,29.657800 (CGCS2000)')
  expect(placeInWords(navigation, '布达拉宫', '')).toBe('布达拉宫\n91.116900,29.657800 (CGCS2000)')
})
