// Package shim reaches the Docker provider's constructor, which its module keeps internal: this module's path lies
// inside the provider's own, and that is all Go's rule for internal packages asks for.
package shim

import (
	"github.com/hashicorp/terraform-plugin-sdk/v2/helper/schema"
	"github.com/terraform-providers/terraform-provider-docker/internal/provider"
)

// NewProvider returns the Terraform provider that @pulumi/docker is bridged from.
func NewProvider(version string) *schema.Provider {
	return provider.New(version)()
}
