import {
  type AppSettings,
  appSettings,
  type AppSettingsInput,
} from "../../../config/settings/appSettings";
import { type Settings, settingsSchema } from "../../../config/settings/settings";
import type { z } from "zod";

/** An app's settings with their defaults. */
export function buildApp(given: AppSettingsInput): AppSettings {
  return appSettings.parse(given);
}

/** A stack's settings with their defaults. */
export function buildSettings(given: z.input<typeof settingsSchema> = {}): Settings {
  return settingsSchema.parse(given);
}
