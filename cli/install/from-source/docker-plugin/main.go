// Command pulumi-resource-docker is the resource plugin behind @pulumi/docker, for networks on which Pulumi's own
// download is out of reach: the same Terraform provider over the same bridge, built from Go modules.
//
// Left out against the official plugin: `docker.Image`, which is not bridged but written by hand there. Glasshouse
// pulls with `docker.RemoteImage`, and builds through the Docker API itself.
package main

import (
	"strings"

	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge"
	shimv2 "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfshim/sdk-v2"
	"github.com/pulumi/pulumi/sdk/v3/go/common/tokens"
	"github.com/terraform-providers/terraform-provider-docker/shim"
)

// version is set at link time to the version of the @pulumi/docker package in use: the engine looks plugins up by it.
var version = "0.0.0"

const pkg = "docker"

func docker(name string) string {
	file := strings.ToLower(name[:1]) + name[1:]
	return pkg + ":index/" + file + ":" + name
}

func main() {
	tfbridge.Main(pkg, version, provider(), []byte(`{"name":"docker"}`))
}

func provider() tfbridge.ProviderInfo {
	resource := func(name string) *tfbridge.ResourceInfo {
		return &tfbridge.ResourceInfo{Tok: tokens.Type(docker(name))}
	}
	dataSource := func(name string) *tfbridge.DataSourceInfo {
		return &tfbridge.DataSourceInfo{Tok: tokens.ModuleMember(docker(name))}
	}
	container := resource("Container")
	// Two containers cannot hold one name or one published port, so the old one has to go first.
	container.DeleteBeforeReplace = true
	// @pulumi/docker spells these as the provider does; the bridge would make plurals of them.
	container.Fields = map[string]*tfbridge.SchemaInfo{
		"command":           {Name: "command"},
		"networks_advanced": {Name: "networksAdvanced"},
	}

	info := tfbridge.ProviderInfo{
		P:       shimv2.NewProvider(shim.NewProvider(version)),
		Name:    pkg,
		Version: version,
		Config: map[string]*tfbridge.SchemaInfo{
			"registry_auth": {Name: "registryAuth"},
		},
		Resources: map[string]*tfbridge.ResourceInfo{
			"docker_buildx_builder": resource("BuildxBuilder"),
			"docker_config":         resource("ServiceConfig"),
			"docker_container":      container,
			"docker_image":          resource("RemoteImage"),
			"docker_network":        resource("Network"),
			"docker_plugin":         resource("Plugin"),
			"docker_registry_image": resource("RegistryImage"),
			"docker_secret":         resource("Secret"),
			"docker_service":        resource("Service"),
			"docker_tag":            resource("Tag"),
			"docker_volume":         resource("Volume"),
		},
		DataSources: map[string]*tfbridge.DataSourceInfo{
			"docker_image":                    dataSource("getRemoteImage"),
			"docker_logs":                     dataSource("getLogs"),
			"docker_network":                  dataSource("getNetwork"),
			"docker_plugin":                   dataSource("getPlugin"),
			"docker_registry_image":           dataSource("getRegistryImage"),
			"docker_registry_image_manifests": dataSource("getRegistryImageManifests"),
		},
	}
	// Without it a resource that leaves `name` to Pulumi fails with a missing argument.
	info.SetAutonaming(255, "-")
	return info
}
