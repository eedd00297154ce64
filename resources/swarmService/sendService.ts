import type Docker from "dockerode";
import { encodeLogin } from "../../host/docker/encodeLogin";
import type { ServiceNow } from "../../host/docker/swarm/waitForService";
import type { SwarmServiceInputs } from "./inputs";
import type { ServiceSpec } from "./serviceSpec";

/** What the declarations of dockerode leave out: a promise of what is made, and a version apart from the body. */
interface ServiceMaker {
  createService(auth: object | undefined, spec: ServiceSpec): Promise<{ readonly id: string }>;
}
interface ServiceUpdater {
  update(
    auth: object | undefined,
    request: { readonly _query: { readonly version: number }; readonly _body: ServiceSpec },
  ): Promise<unknown>;
}

/**
 * Makes the service, or updates the one that is there.
 *
 * @returns its id
 * @throws Error with the Swarm's own words where it refuses
 */
export async function sendService(
  docker: Docker,
  spec: ServiceSpec,
  { name, logins, image, imageId }: SwarmServiceInputs,
  there: ServiceNow<ServiceSpec> | undefined,
): Promise<string> {
  const [login] = logins;
  const auth = login && encodeLogin(login);
  try {
    if (there === undefined) {
      return (await (docker as unknown as ServiceMaker).createService(auth, spec)).id;
    }
    const { ForceUpdate = 0 } = there.Spec.TaskTemplate;
    const body = { ...spec, TaskTemplate: { ...spec.TaskTemplate, ForceUpdate } };
    const request = { _query: { version: there.Version.Index }, _body: body };
    await (docker.getService(there.ID) as unknown as ServiceUpdater).update(auth, request);
    return there.ID;
  } catch (error) {
    throw new Error(
      `The Swarm refuses the service ${name} (image ${image ?? imageId}): ${(error as Error).message}`,
      { cause: error },
    );
  }
}
