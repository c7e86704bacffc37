// Counts what holds and says what does not.
export function makeCheck() {
  let passed = 0
  const failures = []
  const check = (condition, what) => {
    if (condition) passed += 1
    else {
      failures.push(what)
      console.error(`  not so: ${what}`)
    }
    return Boolean(condition)
  }
  check.passed = () => passed
  check.failures = failures
  return check
}
