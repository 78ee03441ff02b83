/*
 * The worklist: search, filters, order, the panel with both sides, deep links (#d=ID), keys, print. The lines stand in the
 * page already; this hides, moves and counts them, and tells more of each from two blocks of JSON.
 * Runs as it stands in any browser of the last years.
 * Everything that comes from ledgers and files is put in as text, never as markup.
 */
;(() => {
  const facts = JSON.parse(document.getElementById('report-facts').textContent)
  const findings = JSON.parse(document.getElementById('report-findings').textContent)
  document.documentElement.classList.add('js')
  const codes = new Map(facts.codes.map((entry, place) => [entry.code, { ...entry, place }]))
  /** Findings of a group that are shown at first; paper has all of them. */
  const PAGE = 25
  const CLASS_TITLES = { error: 'to correct', timing: 'to arrive', info: 'for information' }

  const list = document.getElementById('list')
  const panel = document.getElementById('panel')
  const columns = panel.parentElement
  const controls = document.getElementById('controls')
  const search = document.getElementById('search')
  const sort = document.getElementById('sort')

  // ---- money: text of minor units, so that no cent is lost

  const digitsOf = (currency) => facts.digits[currency] ?? 2
  const plainMoney = (minor, currency) => {
    const digits = digitsOf(currency)
    const text = minor.replace('-', '').padStart(digits + 1, '0')
    const fraction = digits === 0 ? '' : `.${text.slice(-digits)}`
    return `${minor.startsWith('-') ? '-' : ''}${text.slice(0, text.length - digits)}${fraction}`
  }
  const money = (minor, currency) =>
    plainMoney(minor, currency).replace(/^(-?)(\d+)/, (_, sign, whole) => sign + whole.replace(/\B(?=(\d{3})+$)/g, ','))
  const size = (finding) => (finding.figure ? Math.abs(Number(plainMoney(...finding.figure))) : 0)
  const processorName = (name) => (name === null ? 'no processor' : (facts.processors[name] ?? name))

  // ---- what can be searched and filtered

  const textOf = (finding) => {
    const { code, title } = codes.get(finding.code)
    const own = [
      finding.id,
      code,
      title,
      finding.message,
      finding.status,
      finding.processor,
      finding.refund,
      finding.owner,
      finding.decided,
    ]
    const legs = finding.legs.flatMap((leg) => [
      leg.id,
      leg.refund,
      leg.external,
      leg.refund_external,
      ...leg.references,
    ])
    const rows = finding.rows.flatMap((row) => [row.id, row.refund, ...row.payment, ...row.references, row.file])
    const currency = facts.businesses[finding.business].currency
    const amounts = [
      ...(finding.figure ? [finding.figure] : []),
      ...finding.legs.map((leg) => [leg.money[0], currency]),
      ...finding.rows.map((row) => [row.money[0], row.currency]),
    ].flatMap((amount) => [plainMoney(...amount), money(...amount)])
    return [...own, ...legs, ...rows, ...amounts].filter(Boolean).join('\n').toLowerCase()
  }
  const monthsOf = (finding) => {
    const dates = [...finding.legs, ...finding.rows].map((item) => item.on.slice(0, 7))
    const effects = finding.effects.map((effect) => effect.month)
    return new Set([...dates, ...effects, ...(finding.on ? [finding.on.slice(0, 7)] : [])])
  }
  const lineOf = new Map(
    [...list.querySelectorAll('.finding')].map((button) => [button.dataset.id, button.parentElement]),
  )
  for (const finding of findings) {
    finding.line = lineOf.get(finding.id)
    finding.class = codes.get(finding.code).class
    finding.months = monthsOf(finding)
  }

  const filters = [
    { id: 'filter-class', values: (finding) => [finding.class], title: (value) => CLASS_TITLES[value] },
    { id: 'filter-code', values: (finding) => [finding.code], title: (value) => codes.get(value).title },
    {
      id: 'filter-status',
      values: (finding) => (finding.new ? [finding.status, 'new'] : [finding.status]),
      title: (value) => value,
    },
    {
      id: 'filter-processor',
      values: (finding) => [finding.processor ?? ''],
      title: (value) => processorName(value || null),
    },
    { id: 'filter-month', values: (finding) => [...finding.months], title: (value) => value },
    {
      id: 'filter-business',
      values: (finding) => [String(finding.business)],
      title: (value) => facts.businesses[value].name,
    },
  ].map((filter) => ({ ...filter, select: document.getElementById(filter.id) }))

  for (const { select, values, title } of filters) {
    const present = [...new Set(findings.flatMap(values))].sort()
    // An empty processor is 'none'; an empty choice is 'all'.
    for (const value of present) select.add(new Option(title(value), value === '' ? '-' : value))
    select.parentElement.hidden = present.length < 2
  }

  /** What a word of the search may be written as in the page: 45,60 and 1.234,56 are amounts with a comma for the cents. */
  const spellings = (word) =>
    /^-?[\d.]*\d,\d{1,4}$/.test(word) ? [word, word.replaceAll('.', '').replace(',', '.')] : [word]

  const chosen = () => {
    const terms = search.value.toLowerCase().split(/\s+/).filter(Boolean).map(spellings)
    const wanted = filters.filter(({ select }) => select.value !== '')
    return findings.filter((finding) => {
      const fits = wanted.every(({ select, values }) =>
        values(finding).includes(select.value === '-' ? '' : select.value),
      )
      if (!fits || terms.length === 0) return fits
      finding.text ??= textOf(finding)
      return terms.every((words) => words.some((word) => finding.text.includes(word)))
    })
  }

  // ---- order: by what to do, as the page has it, or one list

  const byDate = (a, b) => ((a.on ?? '9999') < (b.on ?? '9999') ? -1 : (a.on ?? '9999') > (b.on ?? '9999') ? 1 : 0)
  const ORDERS = {
    oldest: byDate,
    newest: (a, b) => byDate(b, a),
    largest: (a, b) => size(b) - size(a),
    smallest: (a, b) => size(a) - size(b),
  }

  // ---- drawing

  const element = (tag, properties = {}, ...children) => {
    const made = Object.assign(document.createElement(tag), properties)
    made.append(...children.filter((child) => child !== null))
    return made
  }
  const count = (number, one) => `${number.toLocaleString('en-US')} ${one}${number === 1 ? '' : 's'}`

  const groups = [...list.querySelectorAll('.group')].map((section) => ({
    section,
    rows: section.querySelector('ol'),
    tally: section.querySelector('.tally'),
    said: section.querySelector('.tally').textContent,
    members: findings.filter(({ code }) => code === section.dataset.code),
  }))
  const flat = element('ol')
  const flatSection = element('section', { className: 'group', hidden: true }, flat)
  list.append(flatSection)

  /** Puts these lines into a list, the first of them at once. */
  const fill = (rows, members) => {
    rows.parentElement.querySelector('.more')?.remove()
    for (const [place, { line }] of members.entries()) line.classList.toggle('beyond', place >= PAGE)
    rows.replaceChildren(...members.map(({ line }) => line))
    if (members.length <= PAGE) return
    const more = element('button', {
      type: 'button',
      className: 'more',
      textContent: `Show ${count(members.length - PAGE, 'more finding')}`,
    })
    more.addEventListener('click', () => {
      for (const { line } of members) line.classList.remove('beyond')
      more.remove()
      members[PAGE].line.firstElementChild.focus()
    })
    rows.after(more)
  }

  let opened = null
  const draw = () => {
    const shown = chosen()
    const order = ORDERS[sort.value]
    list.classList.toggle('grouped', !order)
    flatSection.hidden = !order
    const wanted = new Set(shown)
    for (const { section, rows, tally, said, members } of groups) {
      const own = members.filter((finding) => wanted.has(finding))
      section.hidden = order !== undefined || own.length === 0
      tally.textContent = own.length === members.length ? said : `${own.length} of ${said}`
      if (!section.hidden) fill(rows, own)
    }
    fill(flat, order ? [...shown].sort(order) : [])
    document.getElementById('count').textContent =
      shown.length === findings.length
        ? count(shown.length, 'finding')
        : `${shown.length.toLocaleString('en-US')} of ${count(findings.length, 'finding')}`
  }

  // ---- the panel: both sides next to each other

  const copy = async (text, button) => {
    try {
      await navigator.clipboard.writeText(text)
    } catch {
      const area = element('textarea', { value: text })
      document.body.append(area)
      area.select()
      document.execCommand('copy')
      area.remove()
      button.focus()
    }
    button.textContent = 'copied'
  }
  const copyable = (text) => {
    const button = element('button', { type: 'button', className: 'copy', textContent: 'copy' })
    button.setAttribute('aria-label', `copy ${text}`)
    button.addEventListener('click', () => copy(text, button))
    return element('span', {}, element('span', { className: 'id', textContent: text }), ' ', button)
  }
  const lines = (parts) => element('div', {}, ...parts.map((part) => element('div', {}, part)))
  const total = (items, measure) => items.reduce((sum, item) => sum + BigInt(item.money[measure]), 0n).toString()

  const sides = (finding) => {
    const { currency } = facts.businesses[finding.business]
    const { legs, rows } = finding
    const currencies = [...new Set(rows.map((entry) => entry.currency))]
    const there = currencies.length === 1 ? currencies[0] : null
    const table = element('table')
    table
      .createTHead()
      .append(
        element(
          'tr',
          {},
          ...['What', 'Ledger', processorName(rows[0]?.processor ?? finding.processor)].map((text) =>
            element('th', { scope: 'col', textContent: text }),
          ),
        ),
      )
    const body = table.createTBody()
    const add = (label, ledger, processor, number = false) => {
      const cells = [ledger, processor].map((content) =>
        element('td', { className: number ? 'number' : '' }, content ?? ''),
      )
      body.append(element('tr', {}, element('th', { scope: 'row', textContent: label }), ...cells))
    }
    ;['Amount', 'Refund fee', 'Returned fee'].forEach((label, measure) => {
      const ledger = legs.length === 0 ? 'not there' : `${money(total(legs, measure), currency)} ${currency}`
      const processor =
        rows.length === 0
          ? 'not there'
          : there
            ? `${money(total(rows, measure), there)} ${there}`
            : currencies.join(', ')
      add(label, ledger, processor, true)
    })
    add('Date', lines([...new Set(legs.map((leg) => leg.on))]), lines([...new Set(rows.map((entry) => entry.on))]))
    add(
      'Refund',
      lines([...new Set(legs.map((leg) => leg.refund))].map(copyable)),
      lines([...new Set(rows.map((entry) => entry.refund).filter(Boolean))].map(copyable)),
    )
    add(
      'Payment',
      lines(legs.map((leg) => copyable(leg.id))),
      lines([...new Set(rows.flatMap((entry) => entry.payment))].map(copyable)),
    )
    add(
      'External id, transaction',
      lines([...new Set(legs.flatMap((leg) => [leg.external, leg.refund_external]).filter(Boolean))].map(copyable)),
      lines(rows.map((entry) => copyable(entry.id))),
    )
    add(
      'References',
      ...[legs, rows].map((items) => lines([...new Set(items.flatMap((item) => item.references))].map(copyable))),
    )
    add(
      'Where from',
      lines(legs.map((leg) => (leg.pulled ? `pull of ${leg.pulled.slice(0, 16).replace('T', ' ')} UTC` : 'a pull'))),
      lines(rows.map((entry) => `${entry.type.replace('_', ' ')}, ${entry.file}, line ${entry.line}`)),
    )
    return table
  }

  const effects = (finding) => {
    if (finding.effects.length === 0)
      return element('p', { className: 'note', textContent: 'It does not move the tie-out.' })
    const table = element('table')
    table
      .createTHead()
      .append(
        element(
          'tr',
          {},
          ...['Month', 'Processor', 'Refunds', 'Refund fees', 'Returned fees'].map((text, i) =>
            element('th', { scope: 'col', textContent: text, className: i > 1 ? 'number' : '' }),
          ),
        ),
      )
    table.createTBody().append(
      ...finding.effects.map((effect) =>
        element(
          'tr',
          {},
          element('th', { scope: 'row', textContent: effect.month }),
          element('td', { textContent: processorName(effect.processor) }),
          ...effect.money.map((minor) =>
            element('td', {
              className: 'number',
              textContent: `${money(minor, effect.currency)} ${effect.currency}`,
            }),
          ),
        ),
      ),
    )
    return table
  }

  const open = (finding, focus = true) => {
    opened = finding
    const code = codes.get(finding.code)
    const close = element('button', { type: 'button', className: 'close', textContent: 'Close' })
    close.addEventListener('click', () => shut())
    const link = element('button', { type: 'button', textContent: 'Copy link' })
    link.addEventListener('click', () => copy(location.href, link))
    const title = element('h3', { id: 'panel-title', textContent: code.title, tabIndex: -1 })
    panel.replaceChildren(
      close,
      title,
      element('p', {}, copyable(finding.id), ' ', link),
      element('p', { textContent: finding.message }),
      element('h4', { textContent: 'What to do' }),
      element('p', { textContent: finding.advice ?? code.suggestion }),
      ...(finding.decided ? [element('p', { textContent: `Decided: ${finding.decided}.` })] : []),
      ...(finding.owner ? [element('p', { textContent: `Owner: ${finding.owner}.` })] : []),
      element('h4', { textContent: 'Both sides' }),
      finding.refund === null ? sides(finding) : element('p', {}, 'Ledger refund ', copyable(finding.refund)),
      element('h4', { textContent: 'Effect on ledger minus processor' }),
      effects(finding),
      element('p', {
        className: 'note',
        textContent: `${finding.code}, ${finding.status}${finding.late ? ', late' : ''}; first seen ${finding.first.slice(0, 10)}, last seen ${finding.last.slice(0, 10)}${finding.due ? `; an error from ${finding.due} on` : ''}.`,
      }),
    )
    panel.hidden = false
    columns.classList.add('open')
    for (const button of list.querySelectorAll('.finding')) {
      if (button.dataset.id === finding.id) button.setAttribute('aria-current', 'true')
      else button.removeAttribute('aria-current')
    }
    const hash = `#d=${encodeURIComponent(finding.id)}`
    if (location.hash !== hash) history.replaceState(null, '', hash)
    if (focus) title.focus()
  }
  const rowOf = (finding) => finding?.line.firstElementChild
  const shut = () => {
    const from = rowOf(opened)
    opened = null
    panel.hidden = true
    columns.classList.remove('open')
    from?.removeAttribute('aria-current')
    history.replaceState(null, '', location.pathname + location.search)
    ;(from ?? search).focus()
  }
  /** The finding that the address names; the beginning of an id is enough. */
  const follow = () => {
    const id = /^#d=(.+)$/.exec(location.hash)?.[1]
    const found = id && findings.find((finding) => finding.id.startsWith(decodeURIComponent(id)))
    if (!found) return
    open(found)
    panel.scrollIntoView({ block: 'nearest' })
  }

  // ---- events

  let waiting = 0
  controls.addEventListener('input', () => {
    cancelAnimationFrame(waiting)
    waiting = requestAnimationFrame(draw)
  })
  controls.addEventListener('reset', () => setTimeout(() => draw()))
  controls.addEventListener('submit', (event) => event.preventDefault())
  list.addEventListener('click', (event) => {
    const button = event.target.closest('.finding')
    const finding = button && findings.find(({ id }) => id === button.dataset.id)
    if (finding) open(finding)
  })
  document.addEventListener('keydown', (event) => {
    const typing = event.target.matches('input, select, textarea')
    if (event.key === '/' && !typing) {
      event.preventDefault()
      search.focus()
    } else if (event.key === 'Escape' && opened) shut()
    else if ((event.key === 'ArrowDown' || event.key === 'ArrowUp') && event.target.matches('.finding, #search')) {
      const buttons = [...list.querySelectorAll('.finding')].filter((button) => button.checkVisibility())
      const next = buttons.indexOf(event.target) + (event.key === 'ArrowDown' ? 1 : -1)
      if (buttons[next]) {
        event.preventDefault()
        buttons[next].focus()
      }
    }
  })
  window.addEventListener('hashchange', follow)
  /** Paper has what is folded on a screen, but for the figures of the charts. */
  const folded = [...document.querySelectorAll('main details')].filter((part) => !part.closest('.chart'))
  let unfolded = []
  window.addEventListener('beforeprint', () => {
    unfolded = folded.filter((part) => !part.open)
    for (const part of unfolded) part.open = true
  })
  window.addEventListener('afterprint', () => {
    for (const part of unfolded) part.open = false
  })
  if (window.matchMedia('(max-width: 40rem)').matches) controls.querySelector('details').open = false

  draw()
  follow()
})()
