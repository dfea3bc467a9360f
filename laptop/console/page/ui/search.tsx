/** A search field; what it finds changes as one types. */
export function Search(props: { label: string; value: string; onInput: (text: string) => void }) {
  return (
    <label class="search">
      <span class="hidden">{props.label}</span>
      <input
        type="search"
        placeholder={props.label}
        value={props.value}
        onInput={({ currentTarget }) => props.onInput(currentTarget.value)}
      />
    </label>
  );
}
