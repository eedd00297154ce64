export function Notice({ text, isError = false }: { readonly text: string; isError?: boolean }) {
  return (
    <p className={isError ? "notice notice-error" : "notice"} role={isError ? "alert" : "status"}>
      {text}
    </p>
  );
}
