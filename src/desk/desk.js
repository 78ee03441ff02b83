/* What the desk's pages do with script; all of it can be done without. */
const list = document.querySelector('[data-worklist]')
const items = list ? [...list.querySelectorAll('tr.item')] : []
const search = document.querySelector('input[type="search"]')

/* keys: j and k go down and up, Enter opens, x chooses, a and r decide, / searches */
let at = -1
const goTo = (place) => {
  if (items.length === 0) return
  items[at]?.classList.remove('at')
  at = Math.max(0, Math.min(items.length - 1, place))
  items[at].classList.add('at')
  items[at].querySelector('a.open')?.focus()
  items[at].scrollIntoView({ block: 'nearest' })
}
for (const [place, row] of items.entries()) {
  row.addEventListener('focusin', () => {
    items[at]?.classList.remove('at')
    at = place
    row.classList.add('at')
  })
}

/** The item's page, at the form of what is to be decided. */
const open = (deed) => {
  const link = items[at]?.querySelector('a.open')
  if (link) window.location.assign(`${link.href}#${deed}`)
}
const focusDeed = (deed) => {
  const form = document.querySelector(`[data-deed="${deed}"]`)
  form?.querySelector('textarea, button')?.focus()
  form?.scrollIntoView({ block: 'center' })
}

document.addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return
  if (event.target instanceof HTMLElement && event.target.matches('input:not([type="checkbox"]), textarea, select')) {
    if (event.key === 'Escape') event.target.blur()
    return
  }
  const does = {
    j: () => goTo(at + 1),
    k: () => goTo(at - 1),
    x: () => items[at]?.querySelector('input[type="checkbox"]')?.click(),
    a: () => (items.length > 0 ? open('acknowledge') : focusDeed('acknowledge')),
    r: () => (items.length > 0 ? open('resolve') : focusDeed('resolve')),
    '/': () => search?.focus(),
  }[event.key]
  if (!does) return
  event.preventDefault()
  does()
})
if (window.location.hash.length > 1 && document.querySelector('[data-deed]')) focusDeed(window.location.hash.slice(1))

/* how many are chosen, and what they come to: whole numbers of the smallest unit, never a float */
const said = document.querySelector('[data-chosen]')
if (list && said) {
  const boxes = items.flatMap((row) => [...row.querySelectorAll('input[type="checkbox"]')])
  const unchosen = said.textContent
  const digitsOf = (currency) => {
    try {
      return new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2
    } catch {
      return 2
    }
  }
  const major = (minor, currency) => {
    const digits = digitsOf(currency)
    const text = String(minor).padStart(digits + 1, '0')
    const whole = text.slice(0, text.length - digits).replace(/\B(?=(\d{3})+$)/g, ',')
    return `${whole}${digits === 0 ? '' : `.${text.slice(text.length - digits)}`} ${currency}`
  }
  const tell = () => {
    const chosen = boxes.filter((box) => box.checked).map((box) => box.closest('tr'))
    const sums = new Map()
    for (const { dataset } of chosen) {
      if (dataset.currency) sums.set(dataset.currency, (sums.get(dataset.currency) ?? 0n) + BigInt(dataset.size))
    }
    const amounts = [...sums].sort().map(([currency, minor]) => major(minor, currency))
    said.closest('p')?.classList.toggle('some', chosen.length > 0)
    said.textContent =
      chosen.length === 0
        ? unchosen
        : `${chosen.length} chosen${amounts.length > 0 ? `: ${amounts.join(' and ')}` : ''}`
  }
  const head = list.querySelector('thead .pick')
  if (head) {
    const all = document.createElement('input')
    all.type = 'checkbox'
    all.setAttribute('aria-label', 'Choose all of this page')
    all.addEventListener('change', () => {
      for (const box of boxes) box.checked = all.checked
      tell()
    })
    head.replaceChildren(all)
  }
  list.addEventListener('change', tell)
  tell()
}

/* a filter that is chosen shows at once */
for (const select of document.querySelectorAll('.filters select')) {
  select.addEventListener('change', () => select.form.requestSubmit())
}
/* what is empty does not stand in the address */
for (const form of document.querySelectorAll('form.filters')) {
  form.addEventListener('submit', () => {
    for (const field of form.elements) if (field.name && field.value === '') field.disabled = true
  })
}

for (const button of document.querySelectorAll('[data-copy]')) {
  if (!navigator.clipboard) continue
  button.hidden = false
  button.addEventListener('click', async () => {
    await navigator.clipboard.writeText(button.dataset.copy)
    button.textContent = 'Copied'
  })
}
