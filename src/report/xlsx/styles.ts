/** The looks of cells: one table, from which styles.xml and the style numbers of the cells come. */

interface Look {
  /** number format code */
  format?: string
  font?: keyof typeof FONTS
  fill?: keyof typeof FILLS
  wrap?: boolean
  /** a line above */
  rule?: boolean
  /** shown as text even when a person edits it and it begins like a formula */
  quoted?: boolean
  right?: boolean
}

const FONTS = {
  plain: '<font><sz val="10"/><name val="Calibri"/><family val="2"/></font>',
  bold: '<font><b/><sz val="10"/><name val="Calibri"/><family val="2"/></font>',
  title: '<font><b/><sz val="16"/><name val="Calibri"/><family val="2"/></font>',
  header: '<font><b/><sz val="10"/><color rgb="FFFFFFFF"/><name val="Calibri"/><family val="2"/></font>',
  note: '<font><i/><sz val="10"/><color rgb="FF595959"/><name val="Calibri"/><family val="2"/></font>',
} as const

const solid = (rgb: string): string =>
  `<fill><patternFill patternType="solid"><fgColor rgb="${rgb}"/><bgColor indexed="64"/></patternFill></fill>`

const FILLS = {
  none: '<fill><patternFill patternType="none"/></fill>',
  // the second fill is Excel's own
  gray: '<fill><patternFill patternType="gray125"/></fill>',
  header: solid('FF1F3A5F'),
  input: solid('FFFFF8DC'),
  good: solid('FFDDF2E3'),
  waiting: solid('FFFFEFC7'),
  bad: solid('FFF9DAD7'),
} as const

const signed = (positive: string): string => `${positive};[Red]-${positive}`

const LOOKS = {
  plain: {},
  text: {},
  quoted: { quoted: true },
  wrap: { wrap: true },
  quoted_wrap: { wrap: true, quoted: true },
  title: { font: 'title' },
  label: { font: 'bold' },
  note: { font: 'note' },
  header: { font: 'header', fill: 'header', wrap: true },
  header_right: { font: 'header', fill: 'header', wrap: true, right: true },
  count: { format: '#,##0' },
  date: { format: 'yyyy-mm-dd' },
  instant: { format: 'yyyy-mm-dd hh:mm:ss' },
  money0: { format: signed('#,##0') },
  money2: { format: signed('#,##0.00') },
  money3: { format: signed('#,##0.000') },
  money4: { format: signed('#,##0.0000') },
  total: { font: 'bold', rule: true },
  total0: { font: 'bold', rule: true, format: signed('#,##0') },
  total2: { font: 'bold', rule: true, format: signed('#,##0.00') },
  total3: { font: 'bold', rule: true, format: signed('#,##0.000') },
  total4: { font: 'bold', rule: true, format: signed('#,##0.0000') },
  input: { fill: 'input', wrap: true },
  input_date: { fill: 'input', format: 'yyyy-mm-dd' },
  good: { font: 'bold', fill: 'good' },
  waiting: { font: 'bold', fill: 'waiting' },
  bad: { font: 'bold', fill: 'bad' },
} as const satisfies Record<string, Look>

export type Style = keyof typeof LOOKS

const NAMES = Object.keys(LOOKS) as Style[]
const NUMBERS = new Map(NAMES.map((name, number) => [name, number]))

/** The number by which a cell names its style; `lined`: with a thin line below, which tells rows apart on paper. */
export const styleNumber = (style: Style, lined: boolean): number =>
  (NUMBERS.get(style) ?? 0) + (lined ? NAMES.length : 0)

/** The style of an amount of so many decimals. */
export const moneyStyle = (digits: number, total = false): Style => {
  if (digits === 0) return total ? 'total0' : 'money0'
  if (digits === 3) return total ? 'total3' : 'money3'
  if (digits === 4) return total ? 'total4' : 'money4'
  return total ? 'total2' : 'money2'
}

const escaped = (format: string): string => format.replaceAll('"', '&quot;')

/** xl/styles.xml */
export const stylesXml = (): string => {
  const looks: readonly Look[] = NAMES.map((name) => LOOKS[name])
  const formats = [...new Set(looks.flatMap((look) => look.format ?? []))]
  const fontNames = Object.keys(FONTS)
  const fillNames = Object.keys(FILLS)
  const xfOf = (look: Look, border: number): string => {
    const format = look.format === undefined ? 0 : 164 + formats.indexOf(look.format)
    const font = fontNames.indexOf(look.font ?? 'plain')
    const fill = fillNames.indexOf(look.fill ?? 'none')
    const alignment = `<alignment vertical="top"${look.wrap ? ' wrapText="1"' : ''}${look.right ? ' horizontal="right"' : ''}/>`
    const quoted = look.quoted ? ' quotePrefix="1"' : ''
    return `<xf numFmtId="${format}" fontId="${font}" fillId="${fill}" borderId="${look.rule ? 1 : border}" xfId="0"${quoted} applyNumberFormat="1" applyFont="1" applyFill="1" applyBorder="1" applyAlignment="1">${alignment}</xf>`
  }
  const xfs = [0, 2].flatMap((border) => looks.map((look) => xfOf(look, border)))
  const list = (tag: string, items: readonly string[]): string =>
    `<${tag} count="${items.length}">${items.join('')}</${tag}>`
  const edges = '<left/><right/>'
  const borders = [
    `<border>${edges}<top/><bottom/><diagonal/></border>`,
    `<border>${edges}<top style="thin"><color auto="1"/></top><bottom/><diagonal/></border>`,
    `<border>${edges}<top/><bottom style="hair"><color rgb="FFA6A6A6"/></bottom><diagonal/></border>`,
  ]
  return `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">${[
    list(
      'numFmts',
      formats.map((format, i) => `<numFmt numFmtId="${164 + i}" formatCode="${escaped(format)}"/>`),
    ),
    list('fonts', Object.values(FONTS)),
    list('fills', Object.values(FILLS)),
    list('borders', borders),
    list('cellStyleXfs', ['<xf numFmtId="0" fontId="0" fillId="0" borderId="0"/>']),
    list('cellXfs', xfs),
    list('cellStyles', ['<cellStyle name="Normal" xfId="0" builtinId="0"/>']),
  ].join('')}</styleSheet>`
}
