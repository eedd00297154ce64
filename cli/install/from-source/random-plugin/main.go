// Command pulumi-resource-random is the resource plugin behind @pulumi/random, for networks on which Pulumi's own
// download is out of reach: the same Terraform provider over the same bridge, built from Go modules.
package main

import (
	"context"

	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/pf/tfbridge"
	bridge "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge"
	"github.com/pulumi/pulumi/sdk/v3/go/common/tokens"
	"github.com/terraform-providers/terraform-provider-random/shim"
)

// version is set at link time to the version of the @pulumi/random package in use: the engine looks plugins up by it.
var version = "0.0.0"

func main() {
	resource := func(token tokens.Type) *bridge.ResourceInfo { return &bridge.ResourceInfo{Tok: token} }
	info := bridge.ProviderInfo{
		P:       tfbridge.ShimProvider(shim.NewProvider()),
		Name:    "random",
		Version: version,
		// The bridge refuses to serve without it; an empty object says that nothing was decided at generation time.
		MetadataInfo: bridge.NewProviderMetadata([]byte(`{}`)),
		Resources: map[string]*bridge.ResourceInfo{
			"random_bytes":    resource("random:index/randomBytes:RandomBytes"),
			"random_id":       resource("random:index/randomId:RandomId"),
			"random_integer":  resource("random:index/randomInteger:RandomInteger"),
			"random_password": resource("random:index/randomPassword:RandomPassword"),
			"random_pet":      resource("random:index/randomPet:RandomPet"),
			"random_shuffle":  resource("random:index/randomShuffle:RandomShuffle"),
			"random_string":   resource("random:index/randomString:RandomString"),
			"random_uuid":     resource("random:index/randomUuid:RandomUuid"),
			"random_uuid4":    resource("random:index/randomUuid4:RandomUuid4"),
			"random_uuid7":    resource("random:index/randomUuid7:RandomUuid7"),
		},
	}
	tfbridge.Main(context.Background(), "random", info, tfbridge.ProviderMetadata{PackageSchema: []byte(`{"name":"random"}`)})
}
