import { Address } from '@/url/address'

/** The address of this window. */
export const address = new Address(window)
