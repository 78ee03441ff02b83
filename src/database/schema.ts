export type Schema = {}
