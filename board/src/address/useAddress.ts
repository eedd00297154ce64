import { useMemo, useSyncExternalStore } from "react";
import { type Address, parseAddress, renderAddress } from "./address";

const listeners = new Set<() => void>();

function notify(): void {
  for (const listener of listeners) {
    listener();
  }
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  window.addEventListener("popstate", listener);
  return () => {
    listeners.delete(listener);
    window.removeEventListener("popstate", listener);
  };
}

export function useAddress(): Address {
  const href = useSyncExternalStore(subscribe, () => location.pathname + location.search);
  return useMemo(() => {
    const { pathname, search } = new URL(href, location.origin);
    return parseAddress(pathname, search);
  }, [href]);
}

export function currentAddress(): Address {
  return parseAddress(location.pathname, location.search);
}

/** Goes to an address of this page. */
export function navigate(href: string, { replace = false } = {}): void {
  if (href === location.pathname + location.search) {
    return;
  }
  if (replace) {
    history.replaceState(null, "", href);
  } else {
    history.pushState(null, "", href);
  }
  notify();
}

/** Changes a part of the address and keeps the rest. */
export function changeAddress(change: Partial<Address>, options: { replace?: boolean } = {}): void {
  navigate(renderAddress({ ...currentAddress(), ...change }), options);
}
